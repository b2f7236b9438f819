# tries: a second worker in a child process, so that two of them answer from one socket
# exercise: 1.9
# expects: crashed|timeout|graded
# perhaps: 1.1
raise SystemExit("hostile: this file is text for the sandbox and is never run by itself")

# %% added
import os, sys, time
if os.fork() != 0:
    time.sleep(0.05)
# %% answer 1.9
def embed_lookup(ids, E): return E
def embed_one_hot(ids, E): return E
