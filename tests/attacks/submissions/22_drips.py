# tries: a frame byte by byte, each just before anybody would give up
# expects: timeout|crashed
# honest: 1.7
raise SystemExit("hostile: this file is text for the sandbox and is never run by itself")

# %% pipes

# %% added
import os, time
for byte in b"\x00\x00\x10\x00\x00\x00\x00\x00" + b"\x91" * 4096:
    os.write(ANSWERS, bytes([byte]))
    time.sleep(0.1)
