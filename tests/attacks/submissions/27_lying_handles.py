# tries: objects that stay here and lie: lengths beyond every integer, items that are other objects, numbers of objects that do not exist
# exercise: 1.6 1.10 1.3
# honest: 1.1
raise SystemExit("hostile: this file is text for the sandbox and is never run by itself")

# %% added
from seqkit.grading.inside import wire
class Liar:
    def __init__(self, *args, **kwargs): self.asked = 0
    def __len__(self):
        self.asked += 1
        return 5
    def __getattr__(self, name):
        if name.startswith("__"): raise AttributeError(name)
        return wire.Reference("object", 2**62, "<script>")
    def encode(self, tokens): return wire.Reference("object", -1, "x" * 10**6)
    def decode(self, ids): return [wire.Reference("object", n, "list") for n in range(1000)]
    def __call__(self, *args): return wire.Reference("object", 0, "\x1b[2J")
    def get_vocabulary(self): return self
    def shape(self): return (2, 3)
# %% answer 1.6
class Vocab(Liar): pass
# %% answer 1.10
def text_vectorizer(*args): return Liar()
# %% answer 1.3
def make_windows(*args, **kwargs): return Liar(), Liar()
