# tries: what the submissions before it left: files, processes, sockets, shared memory, patched modules
# exercise: 1.9
# honest: 1.1
raise SystemExit("hostile: this file is text for the sandbox and is never run by itself")

# %% added
import builtins, os, socket, sys
found = []
for place in ("/tmp", "/dev/shm", "/dev/pts", "/var/tmp", "/run", ".", "/course", "/dev"):
    try:
        found += [name for name in os.listdir(place) if "left-" in name or name == "sitecustomize.py" or name == "large"]
    except OSError:
        pass
try:
    talk = socket.socket(socket.AF_UNIX)
    talk.connect("\0left-@TOKEN@")
    found.append("socket")
except OSError:
    pass
found += [entry for entry in os.listdir("/proc") if entry.isdecimal() and int(entry) != os.getpid()]
found += [name for name in ("left", "WON") if hasattr(np, name) or hasattr(sys, name) or hasattr(builtins, name)]
if [].__len__() != 0 or np.allclose(1.0, 2.0) or builtins.len([1, 2]) != 2:
    found.append("patched")
WON = bool(found)
# %% reward 1.9
