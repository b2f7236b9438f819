# tries: os._exit(0) in an answer, as if all were done; elsewhere an abort and a wild pointer
# exercise: 1.2 1.3 1.4
# expects: crashed
# honest: 1.1
raise SystemExit("hostile: this file is text for the sandbox and is never run by itself")

# %% answer 1.2
import os
def order_gap(*args): os._exit(0)
# %% answer 1.3
def make_windows(*args, **kwargs): os.abort()
# %% answer 1.4
import ctypes
def forecast(*args): return ctypes.string_at(0)
