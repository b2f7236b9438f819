# tries: sleeping, which costs no processor time
# expects: timeout
# honest: 1.7
raise SystemExit("hostile: this file is text for the sandbox and is never run by itself")

# %% added
import time
time.sleep(10_000)
