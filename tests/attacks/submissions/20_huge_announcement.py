# tries: a frame that announces 8 GB, with a few bytes of it
# exercise: 1.1
# expects: crashed
raise SystemExit("hostile: this file is text for the sandbox and is never run by itself")

# %% pipes

# %% answer 1.1
import os, time
def task_type(*args, **kwargs):
    os.write(ANSWERS, b"\xff" * 8 + b"abc")
    time.sleep(1)
    return "one-to-one"
