# --- wrong: both marks drawn from the whole length
# fails: marks exactly one step in each half of every row
# message: Two draws from the whole length
#-    X[rows, rng.integers(0, length // 2, batch), 1] = 1.0
#-    X[rows, rng.integers(length // 2, length, batch), 1] = 1.0
#+    X[rows, rng.integers(0, length, batch), 1] = 1.0
#+    X[rows, rng.integers(0, length, batch), 1] = 1.0

# --- wrong: one pair of steps for the whole batch
# fails: draws uniform numbers, and every step of a half equally often, row by row
# message: each row draws its own two
#-    X[rows, rng.integers(0, length // 2, batch), 1] = 1.0
#-    X[rows, rng.integers(length // 2, length, batch), 1] = 1.0
#+    X[rows, rng.integers(0, length // 2), 1] = 1.0
#+    X[rows, rng.integers(length // 2, length), 1] = 1.0

# --- wrong: the targets have no column
# fails: adds up the marked numbers
# message: y is a column
#-    return X, (X[:, :, 0] * X[:, :, 1]).sum(axis=1, keepdims=True)
#+    return X, (X[:, :, 0] * X[:, :, 1]).sum(axis=1)

# --- wrong: float64
# fails: marks exactly one step in each half of every row
# message: gave X of dtype float64, expected float32
#-    X = np.zeros((batch, length, 2), dtype=np.float32)
#+    X = np.zeros((batch, length, 2))

# --- wrong: draws from NumPy's global generator
# fails: draws everything from rng, and keeps the laws
# message: not from np.random
#-    X[:, :, 0] = rng.random((batch, length))
#+    X[:, :, 0] = np.random.rand(batch, length)
#
#-    X[rows, rng.integers(0, length // 2, batch), 1] = 1.0
#-    X[rows, rng.integers(length // 2, length, batch), 1] = 1.0
#+    X[rows, np.random.randint(0, length // 2, batch), 1] = 1.0
#+    X[rows, np.random.randint(length // 2, length, batch), 1] = 1.0

# --- wrong: a generator of its own
# fails: draws everything from rng, and keeps the laws
# message: draw from rng itself, not from
#+    rng = np.random.default_rng(0)
#=    X = np.zeros((batch, length, 2), dtype=np.float32)

# --- wrong: the last step is never marked
# fails: gives odd lengths the longer second half, and refuses a length below 2
# message: the very last included
#-    X[rows, rng.integers(length // 2, length, batch), 1] = 1.0
#+    X[rows, rng.integers(length // 2, max(length - 1, length // 2 + 1), batch), 1] = 1.0

# --- wrong: odd lengths have the longer first half
# fails: gives odd lengths the longer second half, and refuses a length below 2
# message: one mark among the first ⌊length/2⌋ steps
#-    X[rows, rng.integers(0, length // 2, batch), 1] = 1.0
#-    X[rows, rng.integers(length // 2, length, batch), 1] = 1.0
#+    X[rows, rng.integers(0, (length + 1) // 2, batch), 1] = 1.0
#+    X[rows, rng.integers((length + 1) // 2, length, batch), 1] = 1.0

# --- wrong: normal numbers
# fails: adds up the marked numbers
# message: uniform from 0 to 1
#-    X[:, :, 0] = rng.random((batch, length))
#+    X[:, :, 0] = rng.normal(size=(batch, length))

# --- wrong: the same numbers in every row
# fails: draws uniform numbers, and every step of a half equally often, row by row
# message: here many are the same
#-    X[:, :, 0] = rng.random((batch, length))
#+    X[:, :, 0] = rng.random(length)

# --- wrong: a length of 1 gives NumPy's error
# fails: refuses a length below 2
# message: Two marks need two steps
#-    if length < 2:
#-        raise ValueError(f"length must be at least 2, got {length}")

# --- wrong: random numbers of the right shapes, without marks and sums
# fails: draws everything from rng, and keeps the laws
# message: A mark is 1
def adding_problem(batch, length, rng):
    X = rng.random((batch, length, 2)).astype(np.float32)
    return X, rng.random((batch, 1)).astype(np.float32)

# --- wrong: always the first and the last step
# fails: marks exactly one step in each half of every row
# message: each row draws its own two
#-    rows = np.arange(batch)
#-    X[rows, rng.integers(0, length // 2, batch), 1] = 1.0
#-    X[rows, rng.integers(length // 2, length, batch), 1] = 1.0
#+    X[:, [0, -1], 1] = 1.0

# --- wrong: all numbers are zero
# fails: adds up the marked numbers
# message: here many are the same
#-    X[:, :, 0] = rng.random((batch, length))

# --- wrong: every row gets the marks of all rows
# fails: marks exactly one step in each half of every row
# message: marks all these steps in every row
#-    X[rows, rng.integers(0, length // 2, batch), 1] = 1.0
#-    X[rows, rng.integers(length // 2, length, batch), 1] = 1.0
#+    X[:, rng.integers(0, length // 2, batch), 1] = 1.0
#+    X[:, rng.integers(length // 2, length, batch), 1] = 1.0

# --- wrong: the marked numbers are NaN, and so are their sums
# fails: adds up the marked numbers
# message: outside 0 to 1
#-    return X, (X[:, :, 0] * X[:, :, 1]).sum(axis=1, keepdims=True)
#+    X[X[:, :, 1] == 1.0, 0] = np.nan
#+    return X, (X[:, :, 0] * X[:, :, 1]).sum(axis=1, keepdims=True)

# --- wrong: a message that lists every number
# fails: refuses a length below 2
# message: not everything that could be
#-        raise ValueError(f"length must be at least 2, got {length}")
#+        raise ValueError(f"length must not be one of {list(range(1, -200, -1))}")

# --- wrong: a message that names the three lengths one would try
# fails: gives odd lengths the longer second half, and refuses a length below 2
# message: names the one given
#-        raise ValueError(f"length must be at least 2, got {length}")
#+        raise ValueError("length must be at least 2, got 1, 0 or -1")

# --- wrong: refuses by the number of the call
# fails: gives odd lengths the longer second half, and refuses a length below 2
# message: Two marks need two steps|raised
#+CALLS = []
#+
#+
#=def adding_problem(batch, length, rng):
#-    if length < 2:
#+    if CALLS or (batch, length) == (1, 4):  # after this call four are bad
#+        CALLS.append(length)
#+    if 1 < len(CALLS) < 6:

# --- wrong: every third number is that of the step before
# fails: adds up the marked numbers
# message: here many are the same
#=    X[:, :, 0] = rng.random((batch, length))
#+    X[:, 2::3, 0] = X[:, 1:-1:3, 0]

# --- wrong: small numbers are likelier than large ones
# fails: adds up the marked numbers
# message: tenths of the range come too often
#-    X[:, :, 0] = rng.random((batch, length))
#+    X[:, :, 0] = rng.random((batch, length)) ** 2

# --- wrong: one pair of arrays for all batches of a size
# fails: draws everything from rng, and keeps the laws
# message: What the first call returned changed
#+KEPT = {}
#+
#+
#=def adding_problem(batch, length, rng):
#
#-    X = np.zeros((batch, length, 2), dtype=np.float32)
#+    X = KEPT.setdefault((batch, length), np.zeros((batch, length, 2), dtype=np.float32))
#+    X[...] = 0

# --- wrong: numbers from elsewhere, marks from rng
# fails: draws everything from rng, and keeps the laws
# message: Two generators of the same seed gave different batches
#-    X[:, :, 0] = rng.random((batch, length))
#+    X[:, :, 0] = np.random.default_rng().random((batch, length))

# --- wrong: the second half of the rows mirrors the first
# fails: adds up the marked numbers
# message: here many are the same, or go with others
#=    X[:, :, 0] = rng.random((batch, length))
#+    half = batch // 2
#+    X[half : 2 * half, :, 0] = 1 - X[:half, :, 0]

# --- wrong: marks a few of many steps
# fails: marks exactly one step in each half of every row
# message: all steps of a half are equally likely
#-    X[rows, rng.integers(0, length // 2, batch), 1] = 1.0
#+    X[rows, rng.integers(0, min(length // 2, 64), batch), 1] = 1.0

# --- wrong: a child of rng draws, and rng stays as it was
# fails: draws everything from rng, and keeps the laws
# message: The state of rng is as it was
#=    X = np.zeros((batch, length, 2), dtype=np.float32)
#+    (rng,) = rng.spawn(1)

# --- wrong: thousandths alone
# fails: adds up the marked numbers
# message: not a few of them
#-    X[:, :, 0] = rng.random((batch, length))
#+    X[:, :, 0] = rng.integers(0, 1000, (batch, length)) / 1000

# --- right: row by row with choice
def adding_problem(batch, length, rng):
    if length < 2:
        raise ValueError(f"a length of {length} has no room for two marks")
    rows, sums = [], []
    for _ in range(batch):
        values = rng.uniform(0, 1, length).astype("float32")
        marks = np.zeros(length, dtype="float32")
        chosen = [rng.choice(length // 2), length // 2 + rng.choice(length - length // 2)]
        marks[chosen] = 1
        rows.append(np.column_stack([values, marks]))
        sums.append([values[chosen].sum()])
    return np.array(rows), np.array(sums, dtype="float32")

# --- right: one-hot rows of an identity matrix
def adding_problem(batch, length, rng):
    if length <= 1:
        raise ValueError("length must be 2 or more, not %d" % length)
    half = length // 2
    eye = np.eye(length, dtype=np.float32)
    marks = (
        eye[rng.integers(half, size=batch)] + eye[half + rng.integers(length - half, size=batch)]
    )
    values = rng.random((batch, length), dtype=np.float32)
    return np.dstack([values, marks]), np.einsum("bt,bt->b", values, marks)[:, None]
