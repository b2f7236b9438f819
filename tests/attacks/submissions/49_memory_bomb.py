# tries: memory without end: one process, then its children, in small steps
# expects: crashed|partial
# honest: 1.7
raise SystemExit("hostile: this file is text for the sandbox and is never run by itself")

# %% added
import os
for _ in range(3):
    os.fork()
hoard = []
while True:
    hoard.append(bytearray(8 * 2**20))
    hoard[-1][::4096] = b"x" * 2048
