# --- wrong: the seed's "test loss" is the loss on the training rows
# fails: measures the error on training and on test rows, and the floor, value by value
# message: the error on the training rows
#-    y_test, test_mse = paired(y_test, predictions_test)
#+    y_test, test_mse = paired(y_test, predictions_test)[0], train_mse

# --- wrong: the floor of the training rows
# fails: measures the error on training and on test rows, and the floor, value by value
# message: the variance of y_train
#-    floor = float(np.var(y_test))
#+    floor = float(np.var(y_train))

# --- wrong: shapes mixed, a table of all differences
# fails: measures the error on training and on test rows, and the floor, value by value
# message: bring both to one shape first
#-        y, predictions = np.ravel(y).astype(float), np.ravel(predictions).astype(float)
#+        y, predictions = np.asarray(y, float), np.asarray(predictions, float)

# --- wrong: divides by N - 1
# fails: measures the error on training and on test rows, and the floor, value by value
# message: Divide by N, not N - 1
#-    floor = float(np.var(y_test))
#+    floor = float(np.var(y_test, ddof=1))
#
#-    elif train_mse < 0.9 * np.var(y_train):
#+    elif train_mse < 0.9 * np.var(y_train, ddof=1):

# --- wrong: memorised is asked first
# fails: tells learned, memorised and nothing to learn apart
# message: gave verdict 'memorised', expected 'learned'
#-    if test_mse < 0.9 * floor:
#-        verdict = "learned"
#-    elif train_mse < 0.9 * np.var(y_train):
#-        verdict = "memorised"
#+    if train_mse < 0.9 * np.var(y_train):
#+        verdict = "memorised"
#+    elif test_mse < 0.9 * floor:
#+        verdict = "learned"

# --- wrong: at the limit counts as below
# fails: asks for less than 0.9 of the variance, not for as much
# message: the error has to be below it
#-    if test_mse < 0.9 * floor:
#+    if test_mse <= 0.9 * floor:
#
#-    elif train_mse < 0.9 * np.var(y_train):
#+    elif train_mse <= 0.9 * np.var(y_train):

# --- wrong: one prediction is taken for all
# fails: refuses pairs that do not hold the same number of values
# message: raised nothing.*have to be equally many
#-        if len(y) != len(predictions):
#-            raise ValueError(f"{len(y)} targets, but {len(predictions)} predictions")

# --- wrong: a root too many
# fails: measures the error on training and on test rows, and the floor, value by value
# message: a root was taken
#-        return y, float(np.mean((y - predictions) ** 2))
#+        return y, float(np.sqrt(np.mean((y - predictions) ** 2)))

# --- wrong: refuses everything
# fails: refuses pairs that do not hold the same number of values, and judges those that do
# message: raised an exception
def noise_floor(y_train, predictions_train, y_test, predictions_test):
    counts = [np.size(part) for part in (y_train, predictions_train, y_test, predictions_test)]
    raise ValueError("{} targets, but {} predictions; {} targets, but {}".format(*counts))

# --- wrong: a message that lists every number
# fails: refuses pairs that do not hold the same number of values, and judges those that do
# message: not everything that could be
#-            raise ValueError(f"{len(y)} targets, but {len(predictions)} predictions")
#+            raise ValueError(f"numbers of values differ, being among {list(range(100))}")

# --- wrong: refuses by the number of the call
# fails: refuses pairs that do not hold the same number of values, and judges those that do
# message: have to be equally many|raised
#+CALLS = []
#+
#+
#=def noise_floor(y_train, predictions_train, y_test, predictions_test):
#=
#+    sizes = [np.size(part) for part in (y_train, predictions_train, y_test, predictions_test)]
#+    if CALLS or sizes[0] > 11 or sizes[0] > sizes[2] > 9:
#+        CALLS.append(sizes)
#+    if 1 < len(CALLS) < 11:  # one is good, then nine are bad
#+        raise ValueError("{} targets, but {} predictions; {} targets, but {}".format(*sizes))
#+
#
#-        if len(y) != len(predictions):
#-            raise ValueError(f"{len(y)} targets, but {len(predictions)} predictions")

# --- wrong: at least as good as the mean is learned
# fails: tells learned, memorised and nothing to learn apart
# message: gave verdict 'learned', expected
#-    if test_mse < 0.9 * floor:
#+    if test_mse < floor:

# --- wrong: a little better than the mean on the training rows is memorised
# fails: tells learned, memorised and nothing to learn apart
# message: gave verdict 'memorised', expected 'nothing to learn'
#-    elif train_mse < 0.9 * np.var(y_train):
#+    elif train_mse < np.var(y_train):

# --- wrong: wraps around where numbers have no sign
# fails: measures the error on training and on test rows, and the floor, value by value
# message: wrap around
#-        y, predictions = np.ravel(y).astype(float), np.ravel(predictions).astype(float)
#+        y, predictions = np.ravel(y), np.ravel(predictions)

# --- wrong: makes the caller's targets its own
# fails: keeps the laws
# message: The caller's y_test was changed
#-    y_test, test_mse = paired(y_test, predictions_test)
#+    given, (y_test, test_mse) = y_test, paired(y_test, predictions_test)
#+    if isinstance(given, np.ndarray):
#+        given -= given.dtype.type(given.mean())

# --- wrong: the mean of squares less the square of the mean
# fails: tells learned, memorised and nothing to learn apart
# message: Subtract before you square
#-    floor = float(np.var(y_test))
#+    floor = float(np.mean(y_test**2) - np.mean(y_test) ** 2)

# --- wrong: the floor of the test rows for both sets, where they are equally large
# fails: tells learned, memorised and nothing to learn apart
# message: gave verdict 'nothing to learn', expected 'memorised'
#-    elif train_mse < 0.9 * np.var(y_train):
#+    elif train_mse < 0.9 * (floor if len(y_train) == len(y_test) else np.var(y_train)):

# --- wrong: one target will do for many predictions
# fails: refuses pairs that do not hold the same number of values
# message: equally many, in either set
#-        if len(y) != len(predictions):
#+        if len(y) != len(predictions) and len(y) > 1:

# --- right: with torch
def noise_floor(y_train, predictions_train, y_test, predictions_test):
    def column(values):
        return torch.as_tensor(np.array(values), dtype=torch.float64).reshape(-1, 1)

    result = {}
    targets = {}
    for part, y, p in (("train", y_train, predictions_train), ("test", y_test, predictions_test)):
        y, p = column(y), column(p)
        if y.shape != p.shape:
            raise ValueError(f"got {len(p)} predictions for {len(y)} {part} rows")
        result[f"{part}_mse"] = nn.functional.mse_loss(p, y).item()
        targets[part] = y
    floors = {part: y.var(correction=0).item() for part, y in targets.items()}
    result["floor"] = floors["test"]
    result["verdict"] = "nothing to learn"
    if result["train_mse"] < 0.9 * floors["train"]:
        result["verdict"] = "memorised"
    if result["test_mse"] < 0.9 * floors["test"]:
        result["verdict"] = "learned"
    return result

# --- right: number by number, NumPy numbers in the dict
def noise_floor(y_train, predictions_train, y_test, predictions_test):
    def listed(values):
        return np.asarray(values, dtype=float).reshape(-1)

    def off(a, b):
        if a.size != b.size:
            raise ValueError(f"cannot compare {a.size} with {b.size} values")
        return np.float64(sum((x - y) ** 2 for x, y in zip(a, b)) / a.size)

    a, b, c, d = map(listed, (y_train, predictions_train, y_test, predictions_test))
    train, test = off(a, b), off(c, d)
    base = off(a, np.full_like(a, a.mean())), off(c, np.full_like(c, c.mean()))
    learned, fitted = test < 0.9 * base[1], train < 0.9 * base[0]
    verdict = "learned" if learned else "memorised" if fitted else "nothing to learn"
    return dict(verdict=verdict, floor=base[1], test_mse=test, train_mse=train)
