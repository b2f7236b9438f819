# tries: memory that no process shows: shared pages written and forgotten again, in many processes
# expects: partial
# honest: 1.7
raise SystemExit("hostile: this file is text for the sandbox and is never run by itself")

# %% added
import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
libc.mmap.restype = ctypes.c_void_p
libc.mmap.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int, ctypes.c_int, ctypes.c_int, ctypes.c_long]
libc.madvise.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int]
parent_of_all = os.getpid()
for _ in range(3):
    os.fork()
zero = os.open("/dev/zero", os.O_RDWR)
size = 32 * 2**20
while True:
    for flags, descriptor in ((0x21, -1), (0x01, zero)):
        where = libc.mmap(None, size, 3, flags, descriptor, 0)
        if where in (None, 2**64 - 1):
            if os.getpid() != parent_of_all:
                os._exit(0)
            raise MemoryError(os.strerror(ctypes.get_errno()))
        ctypes.memset(where, 1, size)
        libc.madvise(where, size, 4)
