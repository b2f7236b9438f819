# tries: output without end, on every descriptor there is
# honest: 1.1
raise SystemExit("hostile: this file is text for the sandbox and is never run by itself")

# %% added
import os, sys
for _ in range(200):
    print("x" * 2**20)
    print("y" * 2**20, file=sys.stderr)
for descriptor in (0, 1, 2):
    try:
        os.write(descriptor, b"z" * 2**24)
    except OSError:
        pass
