# tries: an endless loop in Python
# expects: timeout
# honest: 1.7
raise SystemExit("hostile: this file is text for the sandbox and is never run by itself")

# %% added
while True:
    pass
