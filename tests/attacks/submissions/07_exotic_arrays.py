# tries: arrays of objects, records, dates, masked and huge but empty arrays, 32 dimensions, NaN everywhere
# exercise: 1.2 1.3 1.4 1.7 1.9
# honest: 1.1
raise SystemExit("hostile: this file is text for the sandbox and is never run by itself")

# %% answer 1.2
def order_gap(f, X, permutation): return np.ma.masked_array([0.0, 3.0], mask=[True, True])
# %% answer 1.3
def make_windows(series, length, horizon=1):
    class Same:
        def __eq__(self, other): return True
    X = np.empty((2, 3), dtype=object)
    X[:] = Same()
    return X, X
# %% answer 1.4
def forecast(*args): return np.full(1, np.nan).reshape((1,) * 32)
# %% answer 1.7
def pad_batch(*args, **kwargs):
    record = np.zeros((2, 2), dtype=[("a", "<i8"), ("b", "O")])
    return record, np.zeros((2, 2), dtype="datetime64[ns]"), np.zeros(2, dtype="V8")
# %% answer 1.9
def embed_lookup(ids, E): return np.full((1, 2, 2), np.inf - np.inf)
def embed_one_hot(ids, E): return np.chararray((1, 2, 2), itemsize=8)
