# tries: waiting in a state that looks busy and costs nothing: the parent of a vfork
# expects: timeout
# honest: 1.7
raise SystemExit("hostile: this file is text for the sandbox and is never run by itself")

# %% added
import ctypes
libc = ctypes.CDLL(None)
if libc.vfork() == 0:
    libc.sleep(1_000_000)
