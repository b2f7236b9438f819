# tries: objects that NumPy would turn into an array of their choice: __array__, __array_interface__, __dlpack__, a buffer over wild memory
# exercise: 1.4 1.7 1.9
# honest: 1.1
raise SystemExit("hostile: this file is text for the sandbox and is never run by itself")

# %% added
class Protocol:
    shape, dtype, ndim, size = (1, 2, 2), np.dtype("float64"), 3, 4
    def __array__(self, dtype=None, copy=None): return np.zeros((2**31, 2**31))
    __array_interface__ = {"shape": (2**40,), "typestr": "<f8", "data": (4096, False), "version": 3}
    def __dlpack__(self, *args, **kwargs): raise SystemExit
    def __dlpack_device__(self): return (1, 0)
# %% answer 1.4
def forecast(*args): return Protocol()
# %% answer 1.7
def pad_batch(*args, **kwargs): return [Protocol(), Protocol(), Protocol()]
# %% answer 1.9
def embed_lookup(ids, E): return Protocol()
def embed_one_hot(ids, E): return np.lib.stride_tricks.as_strided(np.zeros(1), (2**20, 2**20), (0, 0))
