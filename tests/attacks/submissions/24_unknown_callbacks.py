# tries: call-backs of functions that were never passed, by number, name and type
# exercise: 1.1
# expects: crashed
raise SystemExit("hostile: this file is text for the sandbox and is never run by itself")

# %% pipes

# %% answer 1.1
import os
from seqkit.grading.inside import wire
def task_type(*args, **kwargs):
    for number in (7, -1, True, "eval", None, 2.0):
        os.write(ANSWERS, wire.encode(("callback", number, ("1 + 1",), {})))
    return "one-to-one"
