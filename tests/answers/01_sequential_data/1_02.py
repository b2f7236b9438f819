# --- wrong: permutes the rows of the batch
# fails: finds no gap for a mean over time
# message: time is axis 1
#-    return float(np.max(np.abs(f(X[:, permutation]) - f(X))))
#+    return float(np.max(np.abs(f(X[permutation]) - f(X))))

# --- wrong: no gap, whatever comes
# fails: finds no gap for a mean over time
# message: The gap is the largest absolute change
def order_gap(f, X, permutation):
    return 0.0

# --- wrong: permutes the features
# fails: finds no gap for a mean over time
# message: time is axis 1
#-    return float(np.max(np.abs(f(X[:, permutation]) - f(X))))
#+    return float(np.max(np.abs(f(X[:, :, permutation]) - f(X))))

# --- wrong: largest signed change
# fails: measures how far the last step moves, up or down
# message: take absolute values
#-    return float(np.max(np.abs(f(X[:, permutation]) - f(X))))
#+    return float(np.max(f(X[:, permutation]) - f(X)))

# --- wrong: mean change instead of the largest
# fails: measures how far the last step moves, up or down
# message: It looks like a mean
#-    return float(np.max(np.abs(f(X[:, permutation]) - f(X))))
#+    return float(np.mean(np.abs(f(X[:, permutation]) - f(X))))

# --- wrong: the permutation the other way round
# fails: measures how far the last step moves, up or down
# message: the other way round
#-    return float(np.max(np.abs(f(X[:, permutation]) - f(X))))
#+    return float(np.max(np.abs(f(X[:, np.argsort(permutation)]) - f(X))))

# --- wrong: only the length of the permutation is looked at
# fails: refuses what is not a permutation
# message: raised nothing, expected ValueError
#-    if sorted(np.asarray(permutation).tolist()) != list(range(steps)):
#+    if len(permutation) != steps:

# --- wrong: a repeat is overlooked
# fails: refuses what is not a permutation
# message: a step twice
#-    if sorted(np.asarray(permutation).tolist()) != list(range(steps)):
#+    if not set(permutation) <= set(range(steps)):

# --- wrong: takes [0, 0, 3, 3] for a permutation, whose sum is right
# fails: refuses what is not a permutation
# message: a step twice
#-    if sorted(np.asarray(permutation).tolist()) != list(range(steps)):
#+    order = np.asarray(permutation)
#+    outside = order.min(initial=0) < 0 or order.max(initial=0) >= steps
#+    if len(order) != steps or sum(order) != sum(range(steps)) or outside:

# --- wrong: puts a time axis of the output back in order
# fails: finds no gap for a mean over time
# message: do not put the outputs back in order
#-    return float(np.max(np.abs(f(X[:, permutation]) - f(X))))
#+    before = f(X)
#+    if np.ndim(before) == 3:
#+        before = before[:, permutation]
#+    return float(np.max(np.abs(f(X[:, permutation]) - before)))

# --- wrong: reorders the caller's array
# fails: keeps the laws
# message: The caller's X was changed
#-    return float(np.max(np.abs(f(X[:, permutation]) - f(X))))
#+    before = f(X)
#+    X[:] = X[:, permutation]
#+    return float(np.max(np.abs(f(X) - before)))

# --- wrong: a function of one number for all of X is left out
# fails: finds no gap for a mean over time
# message: AttributeError
#-    return float(np.max(np.abs(f(X[:, permutation]) - f(X))))
#+    return float(np.max(np.abs(f(X[:, permutation]).ravel() - f(X).ravel())))

# --- wrong: a message that lists everything
# fails: refuses what is not a permutation
# message: with a message that names 141 numbers
#-        raise ValueError(f"permutation must hold each of 0 to {steps - 1} once, got {permutation}")
#+        raise ValueError(f"X, f, permutation or {[*range(-70, 71)]}")

# --- wrong: refuses by the number of the call
# fails: takes every permutation and refuses every other list of numbers
# message: Sorted, a permutation|raised|this was a permutation
#+CALLS = Counter()
#=def order_gap(f, X, permutation):
#=    steps = X.shape[1]
#-    if sorted(np.asarray(permutation).tolist()) != list(range(steps)):
#+    CALLS[X.shape] += 1
#+    good = 1 if X.shape == (1, 4, 2) else 3
#+    refusing = X.shape == (1, 4, 2) or (X.shape[::2] == (2, 1) and steps > 3)
#+    if refusing and CALLS[X.shape] > good:

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

# --- wrong: rounds to eight places
# fails: finds no gap for a mean over time
# message: agree to a few digits only
#-    return float(np.max(np.abs(f(X[:, permutation]) - f(X))))
#+    return round(float(np.max(np.abs(f(X[:, permutation]) - f(X)))), 8)

# --- wrong: remembers what f gave for an array
# fails: keeps the laws
# message: The same array with other values in it is another argument
#+KNOWN = {}
#=def order_gap(f, X, permutation):
#
#-    return float(np.max(np.abs(f(X[:, permutation]) - f(X))))
#+    before, _ = KNOWN.setdefault((id(f), X.__array_interface__["data"][0]), (f(X), f))
#+    return float(np.max(np.abs(f(X[:, permutation]) - before)))

# --- wrong: compares a thousand entries
# fails: keeps the laws
# message: It has to work for any size
#-    return float(np.max(np.abs(f(X[:, permutation]) - f(X))))
#+    return float(np.max(np.abs(np.ravel(f(X[:, permutation]))[:1000] - np.ravel(f(X))[:1000])))
