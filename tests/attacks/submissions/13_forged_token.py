# tries: replies with a made-up token, written straight to the socket while the call is running
# exercise: 1.1
# expects: crashed
raise SystemExit("hostile: this file is text for the sandbox and is never run by itself")

# %% pipes

# %% added
import os
from seqkit.grading.inside import wire
# %% answer 1.1
def task_type(*args, **kwargs):
    for token in (0, 1, -1, 2**61, True):
        os.write(ANSWERS, wire.encode(("value", token, "one-to-one")))
    return "one-to-one"
