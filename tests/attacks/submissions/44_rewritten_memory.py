# tries: the interpreter's own small integers and types overwritten through ctypes
# exercise: 1.1
# expects: graded|partial|crashed|timeout
raise SystemExit("hostile: this file is text for the sandbox and is never run by itself")

# %% added
import ctypes
def set_int(which, value):
    ctypes.c_uint32.from_address(id(which) + 24).value = value
# %% answer 1.1
def task_type(*args, **kwargs):
    set_int(2, 3)
    set_int(0, 1)
    return 1 == 2
