# tries: a hundred right answers sent ahead, one of which may fit the next question
# exercise: 1.1
# expects: crashed
raise SystemExit("hostile: this file is text for the sandbox and is never run by itself")

# %% pipes

# %% answer 1.1
import os
from seqkit.grading.inside import wire
for token in range(100):
    os.write(ANSWERS, wire.encode(("value", token, "one-to-one")))
def task_type(*args, **kwargs): return "one-to-one"
