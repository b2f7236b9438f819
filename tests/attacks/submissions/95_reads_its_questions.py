# tries: waiting in a state that looks like waiting for the grader's next question
# exercise: 1.1
# expects: timeout
# honest: 1.7
raise SystemExit("hostile: this file is text for the sandbox and is never run by itself")

# %% pipes

# %% answer 1.1
import os
def task_type(*args, **kwargs):
    os.readv(QUESTIONS, [bytearray(1)])
