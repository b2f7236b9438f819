# tries: the grader's function called with arrays whose product fills the grader's memory, with keywords and with second arguments
# exercise: 1.2
# expects: graded|timeout|crashed
# honest: 1.1
raise SystemExit("hostile: this file is text for the sandbox and is never run by itself")

# %% answer 1.2
def order_gap(f, X, permutation):
    heavy = [
        ((np.ones((60_000_000, 1, 1), dtype=np.int8),), {}),
        ((np.ones((100_000, 1, 1), dtype=np.int8), np.ones((1, 1_000_000), dtype=np.int8)), {}),
        ((np.ones((50_000_000,), dtype=np.int8),), {"dtype": "complex128"}),
        ((X,), {"w": np.ones((1, 60_000_000), dtype=np.int8)}),
        ((X,), {"out": np.zeros(3), "where": True}),
        ((["x" * 10**6] * 10,), {}),
        ((range(10**6),), {}),
    ]
    for args, kwargs in heavy:
        try:
            f(*args, **kwargs)
        except RuntimeError:
            pass
    return 0.125
