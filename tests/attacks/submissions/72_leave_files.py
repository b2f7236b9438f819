# tries: files, shared memory, sockets and locks left for the submission that comes next
# honest: 1.1
raise SystemExit("hostile: this file is text for the sandbox and is never run by itself")

# %% added
import os, socket
from multiprocessing import shared_memory
for place in ("/tmp", "/dev/shm", "/dev/pts", "/var/tmp", "/run", ".", os.path.expanduser("~"), "/course", "/dev/mqueue"):
    try:
        with open(f"{place}/left-@TOKEN@", "w") as file:
            file.write("WON = True")
        with open(f"{place}/sitecustomize.py", "w") as file:
            file.write("import builtins; builtins.WON = True")
    except OSError:
        pass
try:
    shared_memory.SharedMemory(name="left-@TOKEN@", create=True, size=100)
except OSError:
    pass
try:
    name = socket.socket(socket.AF_UNIX)
    name.bind("\0left-@TOKEN@")
    name.listen()
except OSError:
    pass
np.left = True
