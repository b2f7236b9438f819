# tries: half a frame, then silence
# exercise: 1.9
# expects: timeout
# honest: 1.7
raise SystemExit("hostile: this file is text for the sandbox and is never run by itself")

# %% pipes

# %% added
import os, time
os.write(ANSWERS, b"\x00\x00\x00\x40\x00\x00\x00\x00\x93\xa5value")
time.sleep(1000)
# %% answer 1.9
def embed_lookup(ids, E): return E
