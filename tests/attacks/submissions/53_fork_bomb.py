# tries: processes without end
# expects: crashed|timeout
# honest: 1.7
raise SystemExit("hostile: this file is text for the sandbox and is never run by itself")

# %% added
import os
while True:
    try:
        os.fork()
    except OSError:
        pass
