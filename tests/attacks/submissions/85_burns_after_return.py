# tries: threads and children that go on after the answer was given, on time that belongs to the next check
# exercise: 1.9
# expects: graded|timeout|crashed
# perhaps: 1.1
raise SystemExit("hostile: this file is text for the sandbox and is never run by itself")

# %% added
import os, threading
def burn():
    while True:
        pass
for _ in range(2):
    threading.Thread(target=burn, daemon=True).start()
for _ in range(3):
    if os.fork() == 0:
        burn()
# %% answer 1.9
def embed_lookup(ids, E): return E
def embed_one_hot(ids, E): return E
