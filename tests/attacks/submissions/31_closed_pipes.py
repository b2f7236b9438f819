# tries: its ends of the pipes closed, then kept open by a child that sleeps
# exercise: 1.9
# expects: crashed|timeout
# honest: 1.7
raise SystemExit("hostile: this file is text for the sandbox and is never run by itself")

# %% pipes

# %% answer 1.9
import os, time
def embed_lookup(ids, E):
    if os.fork() == 0:
        time.sleep(1000)
    os.close(ANSWERS)
    os.close(QUESTIONS)
    return E[ids]
def embed_one_hot(ids, E):
    os.close(ANSWERS)
    return E[ids]
