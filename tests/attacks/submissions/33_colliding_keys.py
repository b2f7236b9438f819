# tries: dictionaries and sets whose keys all hash alike, sent past the encoder, so that rebuilding them stalls the grader
# exercise: 1.8 1.6
# expects: crashed|graded
# honest: 1.1
raise SystemExit("hostile: this file is text for the sandbox and is never run by itself")

# %% added
import itertools
from seqkit.grading.inside import worker, wire
# %% answer 1.8
def encode_sentences(sentences):
    same = {number * (2**61 - 1): number for number in range(4000) if (number * (2**61 - 1)).bit_length() < 8000}
    return np.zeros((1, 1), dtype=np.int64), same
# %% answer 1.6
class Vocab:
    def __init__(self, *args, **kwargs): pass
    def __len__(self): return 5
    def encode(self, tokens): return [frozenset(itertools.product((-1, -2), repeat=12)), {(-1,) * n: 1 for n in range(2000)}]
    def decode(self, ids): return [float("nan")] * 1000
