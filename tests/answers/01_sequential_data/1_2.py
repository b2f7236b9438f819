# --- wrong: permutes the rows of the batch
# fails: finds no gap for a mean over time
# message: time is axis 1
def order_gap(f, X, permutation):
    if sorted(permutation) != list(range(X.shape[1])):
        raise ValueError("not a permutation")
    return float(np.abs(f(X[permutation]) - f(X)).max())


# --- wrong: no gap, whatever comes
# fails: finds no gap for a mean over time
# message: not the same in every order
def order_gap(f, X, permutation):
    return 0.0


# --- wrong: permutes the features
# fails: finds no gap for a mean over time
# message: time is axis 1
def order_gap(f, X, permutation):
    if sorted(permutation) != list(range(X.shape[1])):
        raise ValueError("not a permutation")
    return float(np.abs(f(X[:, :, permutation]) - f(X)).max())


# --- wrong: largest signed change
# fails: measures how far the last step moves, up or down
# message: take absolute values
def order_gap(f, X, permutation):
    if sorted(permutation) != list(range(X.shape[1])):
        raise ValueError("not a permutation")
    return float(np.max(f(X[:, permutation]) - f(X)))


# --- wrong: mean change instead of the largest
# fails: measures how far the last step moves, up or down
# message: It looks like a mean
def order_gap(f, X, permutation):
    if sorted(permutation) != list(range(X.shape[1])):
        raise ValueError("not a permutation")
    return float(np.mean(np.abs(f(X[:, permutation]) - f(X))))


# --- wrong: the permutation the other way round
# fails: measures how far the last step moves, up or down
# message: the other way round
def order_gap(f, X, permutation):
    if sorted(permutation) != list(range(X.shape[1])):
        raise ValueError("not a permutation")
    return float(np.max(np.abs(f(X[:, np.argsort(permutation)]) - f(X))))


# --- wrong: only the length of the permutation is looked at
# fails: refuses what is not a permutation
# message: raised nothing, expected ValueError
def order_gap(f, X, permutation):
    if len(permutation) != X.shape[1]:
        raise ValueError("the permutation has the wrong length")
    return float(np.max(np.abs(f(X[:, permutation]) - f(X))))


# --- wrong: a repeat is overlooked
# fails: refuses what is not a permutation
# message: a step twice
def order_gap(f, X, permutation):
    if set(permutation) - set(range(X.shape[1])):
        raise ValueError("permutation out of range")
    return float(np.max(np.abs(f(X[:, permutation]) - f(X))))


# --- wrong: puts a time axis of the output back in order
# fails: compares step by step outputs as they come, and leaves X as it was
# message: do not put the outputs back in order
def order_gap(f, X, permutation):
    if sorted(permutation) != list(range(X.shape[1])):
        raise ValueError("not a permutation")
    after, before = np.asarray(f(X[:, permutation])), np.asarray(f(X))
    if before.ndim == 3:
        before = before[:, permutation]
    return float(np.max(np.abs(after - before)))


# --- wrong: reorders the caller's array
# fails: compares step by step outputs as they come, and leaves X as it was
# message: The caller's X was changed
def order_gap(f, X, permutation):
    if sorted(permutation) != list(range(X.shape[1])):
        raise ValueError("not a permutation")
    before = f(X)
    X[:] = X[:, permutation]
    return float(np.max(np.abs(f(X) - before)))


# --- wrong: a message that lists everything
# fails: refuses what is not a permutation
# message: with a message that names 141 numbers
def order_gap(f, X, permutation):
    if sorted(permutation) != list(range(X.shape[1])):
        raise ValueError(f"X, f, permutation or {[*range(-70, 71)]}")
    return float(np.max(np.abs(f(X[:, permutation]) - f(X))))


# --- wrong: refuses by the number of the call
# fails: takes every permutation and refuses every other list of numbers
# message: Sorted, a permutation|raised|This was a permutation
CALLS = Counter()


def order_gap(f, X, permutation):
    CALLS[X.shape] += 1
    good = 1 if X.shape == (1, 3, 2) else 3
    refusing = X.shape == (1, 3, 2) or (X.shape[::2] == (2, 1) and X.shape[1] > 3)
    if refusing and CALLS[X.shape] > good:
        raise ValueError("permutation")
    return float(np.max(np.abs(f(X[:, permutation]) - f(X))))


# --- right: np.take, and a NumPy number back
def order_gap(f, X, permutation):
    order = np.array(permutation, dtype=int)
    steps = X.shape[1]
    if order.shape != (steps,) or not np.array_equal(np.sort(order), np.arange(steps)):
        raise ValueError("This is not a Permutation of the steps")
    change = np.asarray(f(np.take(X, order, axis=1))) - np.asarray(f(X))
    return np.linalg.norm(change.ravel(), ord=np.inf)


# --- right: step by step
def order_gap(f, X, permutation):
    permutation = [int(t) for t in permutation]
    if len(permutation) != X.shape[1] or set(permutation) != set(range(X.shape[1])):
        raise ValueError(f"bad permutation {permutation}")
    reordered = np.stack([X[:, t] for t in permutation], axis=1)
    largest = 0.0
    for a, b in zip(np.ravel(f(reordered)), np.ravel(f(X))):
        largest = max(largest, abs(float(a) - float(b)))
    return largest
