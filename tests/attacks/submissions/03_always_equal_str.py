# tries: a str subclass that equals, hashes like and contains every string
# exercise: 1.1
raise SystemExit("hostile: this file is text for the sandbox and is never run by itself")

# %% answer 1.1
class Chameleon(str):
    def __eq__(self, other): return True
    def __ne__(self, other): return False
    def __hash__(self): return hash("one-to-one")
    def __contains__(self, item): return True
    def __len__(self): return 10
    def __getitem__(self, index): return "one-to-one"
    def __iter__(self): return iter("one-to-one")
    def __add__(self, other): return "one-to-one"
    def encode(self, *args): return b"one-to-one"
    def split(self, *args): return ["one-to-one"]
    __str__ = __repr__ = __format__ = lambda self, *args: "many-to-many"
def task_type(*args, **kwargs): return Chameleon("?")
