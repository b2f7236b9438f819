# tries: thirty processes that do nothing but cost whoever looks at them
# expects: timeout
# honest: 1.7
raise SystemExit("hostile: this file is text for the sandbox and is never run by itself")

# %% added
import os, time
for _ in range(5):
    os.fork()
time.sleep(1000)
