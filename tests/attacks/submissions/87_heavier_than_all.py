# tries: a session for each of its processes, so that each is scheduled like the whole grader
# expects: timeout|crashed
# honest: 1.7
raise SystemExit("hostile: this file is text for the sandbox and is never run by itself")

# %% added
import os
for _ in range(4):
    os.fork()
    try:
        os.setsid()
    except OSError:
        pass
while True:
    pass
