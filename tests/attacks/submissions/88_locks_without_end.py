# tries: memory in the kernel: file locks by the million
# expects: timeout|crashed|partial
# honest: 1.7
raise SystemExit("hostile: this file is text for the sandbox and is never run by itself")

# %% added
import fcntl, os
files = [os.open(f"/tmp/lock{number}", os.O_RDWR | os.O_CREAT) for number in range(100)]
start = 0
while True:
    for file in files:
        for byte in range(start, start + 100, 2):
            fcntl.lockf(file, fcntl.LOCK_EX, 1, byte)
    start += 100
