# tries: leaving: SystemExit, KeyboardInterrupt and GeneratorExit out of answers and cells
# exercise: 1.2 1.3 1.4 1.5
# expects: partial
# honest: 1.1
raise SystemExit("hostile: this file is text for the sandbox and is never run by itself")

# %% added
import sys
sys.exit("all points")
# %% added
raise KeyboardInterrupt
# %% added
raise GeneratorExit
# %% answer 1.2
def order_gap(*args): sys.exit(0)
# %% answer 1.3
def make_windows(*args, **kwargs): raise KeyboardInterrupt("passed")
# %% answer 1.4
def forecast(*args): raise StopIteration(1)
# %% answer 1.5
def temporal_split(*args, **kwargs): raise SystemExit(0)
