# tries: recursion ten million deep, and the C stack without a limit
# exercise: 1.2 1.3
# expects: crashed
# honest: 1.1
raise SystemExit("hostile: this file is text for the sandbox and is never run by itself")

# %% answer 1.2
import sys
sys.setrecursionlimit(10**8)
def order_gap(*args):
    def down(n): return down(n + 1) + 1
    return down(0)
# %% answer 1.3
def make_windows(*args, **kwargs):
    nest = ()
    for _ in range(10**6):
        nest = (nest,)
    return hash(nest)
