# tries: an object that is equal to everything, of every length, with every attribute, in the place of each answer
# exercise: 1.2 1.3 1.5 1.6 1.8 1.10
# honest: 1.1
raise SystemExit("hostile: this file is text for the sandbox and is never run by itself")

# %% added
class Yes:
    def __eq__(self, other): return True
    def __ne__(self, other): return False
    def __lt__(self, other): return True
    __le__ = __gt__ = __ge__ = __lt__
    def __hash__(self): return 1
    def __bool__(self): return True
    def __len__(self): return 3
    def __getattr__(self, name): return Yes()
    def __call__(self, *args, **kwargs): return Yes()
    def __getitem__(self, index): return Yes()
    def __contains__(self, item): return True
    def __iter__(self): return iter([Yes(), Yes(), Yes()])
    def __float__(self): return 0.0
    def __index__(self): return 0
    def __array__(self, dtype=None, copy=None): raise TypeError
    def __instancecheck__(self, other): return True
# %% answer 1.2
def order_gap(*args): return Yes()
# %% answer 1.3
def make_windows(*args, **kwargs): return Yes(), Yes()
# %% answer 1.5
def temporal_split(*args, **kwargs): return Yes()
# %% answer 1.6
class Vocab(Yes):
    def __init__(self, *args, **kwargs): pass
# %% answer 1.8
def encode_sentences(*args): return Yes(), Yes()
# %% answer 1.10
def text_vectorizer(*args): return Yes()
