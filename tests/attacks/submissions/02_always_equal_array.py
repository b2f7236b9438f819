# tries: an ndarray subclass that answers every NumPy function and every comparison with yes
# exercise: 1.4 1.7 1.9
# honest: 1.1
raise SystemExit("hostile: this file is text for the sandbox and is never run by itself")

# %% added
class Agreeable(np.ndarray):
    def __array_function__(self, function, types, args, kwargs): return True
    def __array_ufunc__(self, ufunc, method, *inputs, **kwargs): return True
    def __eq__(self, other): return True
    def __ne__(self, other): return False
    @property
    def shape(self): return Agreeable.wanted
    @property
    def dtype(self): return np.dtype("int64")
    def tolist(self): return []
    wanted = (1, 2, 2)
def fake(): return np.zeros((1, 2, 2)).view(Agreeable)
# %% answer 1.4
def forecast(*args): return fake()
# %% answer 1.7
def pad_batch(*args, **kwargs): return fake(), fake(), fake()
# %% answer 1.9
def embed_lookup(ids, E): return fake()
def embed_one_hot(ids, E): return fake()
