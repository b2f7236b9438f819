# tries: list, tuple, dict and set subclasses whose length, items, keys and order depend on who asks
# exercise: 1.6 1.7 1.8
# honest: 1.1
raise SystemExit("hostile: this file is text for the sandbox and is never run by itself")

# %% added
import itertools
class Liar(list):
    def __len__(self): return 10**9
    def __iter__(self): return itertools.repeat(2)
    def __eq__(self, other): return True
    def __getitem__(self, index): return 2
class Book(dict):
    def __len__(self): return -5
    def items(self): return Liar()
    def keys(self): return Liar()
    def __eq__(self, other): return True
    def __getitem__(self, key): return 1
class Pair(tuple):
    def __len__(self): return 3
    def __iter__(self): return itertools.repeat(None)
# %% answer 1.6
class Vocab:
    def __init__(self, *args, **kwargs): pass
    def __len__(self): return 10**30
    def encode(self, tokens): return Liar()
    def decode(self, ids): return Pair()
# %% answer 1.7
def pad_batch(*args, **kwargs): return Pair((1, 2))
# %% answer 1.8
def encode_sentences(sentences): return np.zeros((1, 1), dtype=np.int64), Book()
