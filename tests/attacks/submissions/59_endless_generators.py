# tries: generators and iterators without end where values are expected
# exercise: 1.2 1.3 1.5 1.8
# honest: 1.1
raise SystemExit("hostile: this file is text for the sandbox and is never run by itself")

# %% added
import itertools
class Endless:
    def __iter__(self): return itertools.count()
    def __getitem__(self, i): return i
# %% answer 1.2
def order_gap(*args): return itertools.count()
# %% answer 1.3
def make_windows(*args, **kwargs): return itertools.cycle([1]), Endless()
# %% answer 1.5
def temporal_split(*args, **kwargs):
    while True:
        yield slice(0, 1)
# %% answer 1.8
def encode_sentences(*args): return zip(itertools.count(), itertools.count())
