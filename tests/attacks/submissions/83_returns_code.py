# tries: functions, classes, modules, frames, coroutines and the grader's own function in the place of values
# exercise: 1.2 1.3 1.4 1.5 1.8
# honest: 1.1
raise SystemExit("hostile: this file is text for the sandbox and is never run by itself")

# %% added
import sys
# %% answer 1.2
def order_gap(f, X, permutation): return f
# %% answer 1.3
def make_windows(*args, **kwargs): return make_windows, sys
# %% answer 1.4
async def forecast(*args): return np.zeros(1)
# %% answer 1.5
def temporal_split(*args, **kwargs): return sys._getframe(), type, temporal_split
# %% answer 1.8
def encode_sentences(*args): return lambda: 0, print
