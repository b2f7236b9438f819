# tries: files without end, large ones, many empty ones, folders a thousand deep
# expects: partial
# honest: 1.1
raise SystemExit("hostile: this file is text for the sandbox and is never run by itself")

# %% added
import os
for place in ("/tmp", "/dev/shm", "/dev/pts", "/var/tmp", ".", "/course"):
    try:
        with open(f"{place}/large", "wb") as file:
            while True:
                file.write(b"x" * 2**20)
    except OSError:
        pass
for number in range(20_000):
    try:
        open(f"/dev/shm/{number}", "w").close()
    except OSError:
        break
deep = "/dev/pts"
try:
    while True:
        deep += "/d"
        os.mkdir(deep)
except OSError:
    pass
raise OSError("full")
