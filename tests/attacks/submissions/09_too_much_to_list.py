# tries: 60 MB of two-letter strings, which as a list are gigabytes in the grader
# exercise: 1.6
# honest: 1.1
raise SystemExit("hostile: this file is text for the sandbox and is never run by itself")

# %% answer 1.6
class Vocab:
    def __init__(self, *args, **kwargs): pass
    def __len__(self): return 5
    def encode(self, tokens): return np.full(30_000_000, b"ab")
    def decode(self, ids): return np.full(15_000_000, "é")
