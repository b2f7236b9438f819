# tries: answers of gigabytes: a string, an array, an integer of a hundred million bits
# exercise: 1.2 1.3 1.4 1.5
# expects: graded|crashed
# honest: 1.1
raise SystemExit("hostile: this file is text for the sandbox and is never run by itself")

# %% answer 1.2
def order_gap(*args): return "x" * 100_000_000
# %% answer 1.3
def make_windows(*args, **kwargs): return np.zeros(40_000_000), np.zeros(40_000_000)
# %% answer 1.4
def forecast(*args): return np.broadcast_to(np.float64(1.0), (10**6, 10**6))
# %% answer 1.5
def temporal_split(*args, **kwargs): return 1 << 10_000_000
