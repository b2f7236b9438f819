# tries: an array of 2**31 rows without columns: no bytes on the wire, but a list of it does not fit into any memory
# exercise: 1.2 1.4 1.6 1.8
# expects: crashed|graded
# honest: 1.1
raise SystemExit("hostile: this file is text for the sandbox and is never run by itself")

# %% added
def nothing(rows=2**31 - 1): return np.zeros((rows, 0), dtype=np.int64)
# %% answer 1.2
def order_gap(*args): return nothing()
# %% answer 1.4
def forecast(*args): return nothing()
# %% answer 1.6
class Vocab:
    def __init__(self, *args, **kwargs): pass
    def __len__(self): return 5
    def encode(self, tokens): return nothing()
    def decode(self, ids): return nothing()
# %% answer 1.8
def encode_sentences(sentences): return np.zeros((0, 2**31 - 1), dtype="U0"), {}
