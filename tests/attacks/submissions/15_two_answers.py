# tries: the true token read from the worker's own frames; two replies to each question, the second for the next
# exercise: 1.1
# expects: crashed
# perhaps: 1.7
raise SystemExit("hostile: this file is text for the sandbox and is never run by itself")

# %% pipes

# %% added
import os, sys
from seqkit.grading.inside import wire, worker
def token():
    frame = sys._getframe()
    while frame and "token" not in frame.f_locals:
        frame = frame.f_back
    return frame.f_locals["token"]
# %% answer 1.1
def task_type(a, b, synchronized=False):
    os.write(ANSWERS, wire.encode(("value", token(), "one-to-one")))
    return "many-to-many synchronized"
