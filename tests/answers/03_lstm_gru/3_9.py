# --- wrong: the seed's "test loss" is the loss on the training rows
# fails: measures the error on training and on test rows, and the floor
# message: the error on the training rows
def noise_floor(y_train, predictions_train, y_test, predictions_test):
    y, p = np.ravel(y_train), np.ravel(predictions_train)
    if len(y) != len(p) or np.size(y_test) != np.size(predictions_test):
        raise ValueError(
            f"{len(y)} and {len(p)}, {np.size(y_test)} and {np.size(predictions_test)} values"
        )
    mse = float(np.mean((y - p) ** 2))
    floor = float(np.var(y_test))
    verdict = "learned" if mse < 0.9 * floor else "nothing to learn"
    return {"train_mse": mse, "test_mse": mse, "floor": floor, "verdict": verdict}


# --- wrong: the floor of the training rows
# fails: measures the error on training and on test rows, and the floor
# message: the variance of y_train
def noise_floor(y_train, predictions_train, y_test, predictions_test):
    def mse(y, p):
        y, p = np.ravel(y), np.ravel(p)
        if len(y) != len(p):
            raise ValueError(f"{len(y)} targets, {len(p)} predictions")
        return float(np.mean((y - p) ** 2))

    train, test = mse(y_train, predictions_train), mse(y_test, predictions_test)
    floor = float(np.var(y_train))
    verdict = "learned" if test < 0.9 * floor else "memorised"
    if verdict == "memorised" and train >= 0.9 * np.var(y_train):
        verdict = "nothing to learn"
    return {"train_mse": train, "test_mse": test, "floor": floor, "verdict": verdict}


# --- wrong: shapes mixed, a table of all differences
# fails: compares value with value where shapes differ
# message: bring both to one shape first
def noise_floor(y_train, predictions_train, y_test, predictions_test):
    def mse(y, p):
        y, p = np.asarray(y), np.asarray(p)
        if len(y) != len(p):
            raise ValueError(f"{len(y)} targets, {len(p)} predictions")
        return float(np.mean((y - p) ** 2))

    train, test = mse(y_train, predictions_train), mse(y_test, predictions_test)
    floor = float(np.var(y_test))
    verdict = "learned" if test < 0.9 * floor else "memorised"
    if verdict == "memorised" and train >= 0.9 * np.var(y_train):
        verdict = "nothing to learn"
    return {"train_mse": train, "test_mse": test, "floor": floor, "verdict": verdict}


# --- wrong: divides by N - 1
# fails: measures the error on training and on test rows, and the floor
# message: Divide by N, not N - 1
def noise_floor(y_train, predictions_train, y_test, predictions_test):
    def mse(y, p):
        y, p = np.ravel(y), np.ravel(p)
        if len(y) != len(p):
            raise ValueError(f"{len(y)} targets, {len(p)} predictions")
        return float(np.mean((y - p) ** 2))

    train, test = mse(y_train, predictions_train), mse(y_test, predictions_test)
    floor = float(np.var(y_test, ddof=1))
    verdict = "learned" if test < 0.9 * floor else "memorised"
    if verdict == "memorised" and train >= 0.9 * np.var(y_train, ddof=1):
        verdict = "nothing to learn"
    return {"train_mse": train, "test_mse": test, "floor": floor, "verdict": verdict}


# --- wrong: memorised is asked first
# fails: tells learned, memorised and nothing to learn apart
# message: gave verdict 'memorised', expected 'learned'
def noise_floor(y_train, predictions_train, y_test, predictions_test):
    def mse(y, p):
        y, p = np.ravel(y), np.ravel(p)
        if len(y) != len(p):
            raise ValueError(f"{len(y)} targets, {len(p)} predictions")
        return float(np.mean((y - p) ** 2))

    train, test = mse(y_train, predictions_train), mse(y_test, predictions_test)
    floor = float(np.var(y_test))
    if train < 0.9 * np.var(y_train):
        verdict = "memorised"
    else:
        verdict = "learned" if test < 0.9 * floor else "nothing to learn"
    return {"train_mse": train, "test_mse": test, "floor": floor, "verdict": verdict}


# --- wrong: at the limit counts as below
# fails: asks for less than 0.9 of the variance, not for as much
# message: the error has to be below it
def noise_floor(y_train, predictions_train, y_test, predictions_test):
    def mse(y, p):
        y, p = np.ravel(y), np.ravel(p)
        if len(y) != len(p):
            raise ValueError(f"{len(y)} targets, {len(p)} predictions")
        return float(np.mean((y - p) ** 2))

    train, test = mse(y_train, predictions_train), mse(y_test, predictions_test)
    floor = float(np.var(y_test))
    if test <= 0.9 * floor:
        verdict = "learned"
    else:
        verdict = "memorised" if train <= 0.9 * np.var(y_train) else "nothing to learn"
    return {"train_mse": train, "test_mse": test, "floor": floor, "verdict": verdict}


# --- wrong: one prediction is taken for all
# fails: refuses pairs that do not hold the same number of values, and judges those that do
# message: have to be equally many
def noise_floor(y_train, predictions_train, y_test, predictions_test):
    train = float(np.mean((np.ravel(y_train) - np.ravel(predictions_train)) ** 2))
    test = float(np.mean((np.ravel(y_test) - np.ravel(predictions_test)) ** 2))
    floor = float(np.var(y_test))
    if test < 0.9 * floor:
        verdict = "learned"
    else:
        verdict = "memorised" if train < 0.9 * np.var(y_train) else "nothing to learn"
    return {"train_mse": train, "test_mse": test, "floor": floor, "verdict": verdict}


# --- wrong: a root too many
# fails: measures the error on training and on test rows, and the floor
# message: a root was taken
def noise_floor(y_train, predictions_train, y_test, predictions_test):
    def mse(y, p):
        y, p = np.ravel(y), np.ravel(p)
        if len(y) != len(p):
            raise ValueError(f"{len(y)} targets, {len(p)} predictions")
        return float(np.sqrt(np.mean((y - p) ** 2)))

    train, test = mse(y_train, predictions_train), mse(y_test, predictions_test)
    floor = float(np.var(y_test))
    if test < 0.9 * floor:
        verdict = "learned"
    else:
        verdict = "memorised" if train < 0.9 * np.var(y_train) else "nothing to learn"
    return {"train_mse": train, "test_mse": test, "floor": floor, "verdict": verdict}


# --- wrong: refuses everything
# fails: refuses pairs that do not hold the same number of values, and judges those that do
# message: raised an exception
def noise_floor(y_train, predictions_train, y_test, predictions_test):
    counts = [np.size(part) for part in (y_train, predictions_train, y_test, predictions_test)]
    raise ValueError("{} targets, but {} predictions; {} targets, but {}".format(*counts))


# --- wrong: a message that lists every number
# fails: refuses pairs that do not hold the same number of values, and judges those that do
# message: not everything that could be
def noise_floor(y_train, predictions_train, y_test, predictions_test):
    def mse(y, p):
        y, p = np.ravel(y), np.ravel(p)
        if len(y) != len(p):
            raise ValueError(f"numbers of values differ, being among {list(range(100))}")
        return float(np.mean((y - p) ** 2))

    train, test = mse(y_train, predictions_train), mse(y_test, predictions_test)
    floor = float(np.var(y_test))
    if test < 0.9 * floor:
        verdict = "learned"
    else:
        verdict = "memorised" if train < 0.9 * np.var(y_train) else "nothing to learn"
    return {"train_mse": train, "test_mse": test, "floor": floor, "verdict": verdict}


# --- wrong: refuses by the number of the call
# fails: refuses pairs that do not hold the same number of values, and judges those that do
# message: have to be equally many|raised
CALLS = []


def noise_floor(y_train, predictions_train, y_test, predictions_test):
    sizes = [np.size(part) for part in (y_train, predictions_train, y_test, predictions_test)]
    if CALLS or sizes[0] > 11 or sizes[0] > sizes[2] > 9:
        CALLS.append(sizes)
    if 1 < len(CALLS) < 11:  # one is good, then nine are bad
        raise ValueError("{} targets, but {} predictions; {} targets, but {}".format(*sizes))
    train = float(np.mean((np.ravel(y_train) - np.ravel(predictions_train)) ** 2))
    test = float(np.mean((np.ravel(y_test) - np.ravel(predictions_test)) ** 2))
    floor = float(np.var(y_test))
    if test < 0.9 * floor:
        verdict = "learned"
    else:
        verdict = "memorised" if train < 0.9 * np.var(y_train) else "nothing to learn"
    return {"train_mse": train, "test_mse": test, "floor": floor, "verdict": verdict}


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
