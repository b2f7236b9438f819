# --- wrong: bias first
# fails: predicts one step: oldest value times first weight, bias last
# message: the bias was taken from the front
def forecast(history, weights, steps):
    w = np.asarray(weights, dtype=float)
    if len(history) != len(w) - 1:
        raise ValueError(f"expected {len(w) - 1} values, got {len(history)}")
    values = [float(x) for x in history]
    for _ in range(steps):
        values.append(w[1:] @ np.array(values[-len(history) :]) + w[0])
    return np.array(values[len(history) :])


# --- wrong: newest value first
# fails: predicts one step: oldest value times first weight, bias last
# message: the weights are in reverse
def forecast(history, weights, steps):
    w = np.asarray(weights, dtype=float)
    if len(history) != len(w) - 1:
        raise ValueError(f"expected {len(w) - 1} values, got {len(history)}")
    values = [float(x) for x in history]
    for _ in range(steps):
        values.append(w[:-1] @ np.array(values[-len(history) :][::-1]) + w[-1])
    return np.array(values[len(history) :])


# --- wrong: the bias is forgotten
# fails: predicts one step: oldest value times first weight, bias last
# message: the bias is missing
def forecast(history, weights, steps):
    w = np.asarray(weights, dtype=float)
    if len(history) != len(w) - 1:
        raise ValueError(f"expected {len(w) - 1} values, got {len(history)}")
    values = [float(x) for x in history]
    for _ in range(steps):
        values.append(w[:-1] @ np.array(values[-len(history) :]))
    return np.array(values[len(history) :])


# --- wrong: the window never moves
# fails: feeds its predictions back
# message: the window never moves
def forecast(history, weights, steps):
    w = np.asarray(weights, dtype=float)
    if len(history) != len(w) - 1:
        raise ValueError(f"expected {len(w) - 1} values, got {len(history)}")
    return np.full(steps, w[:-1] @ np.asarray(history, dtype=float) + w[-1])


# --- wrong: the bias comes once
# fails: feeds its predictions back
# message: the bias comes again
def forecast(history, weights, steps):
    w = np.asarray(weights, dtype=float)
    if len(history) != len(w) - 1:
        raise ValueError(f"expected {len(w) - 1} values, got {len(history)}")
    values = [float(x) for x in history]
    for step in range(steps):
        bias = w[-1] if step == 0 else 0.0
        values.append(w[:-1] @ np.array(values[-len(history) :]) + bias)
    return np.array(values[len(history) :])


# --- wrong: returns the history too
# fails: predicts one step: oldest value times first weight, bias last
# message: without the history
def forecast(history, weights, steps):
    w = np.asarray(weights, dtype=float)
    if len(history) != len(w) - 1:
        raise ValueError(f"expected {len(w) - 1} values, got {len(history)}")
    values = [float(x) for x in history]
    for _ in range(steps):
        values.append(w[:-1] @ np.array(values[-len(history) :]) + w[-1])
    return np.array(values)


# --- wrong: writes into the caller's array
# fails: leaves the caller's history as it was
# message: The caller's array was changed
def forecast(history, weights, steps):
    w = np.asarray(weights, dtype=float)
    if len(history) != len(w) - 1:
        raise ValueError(f"expected {len(w) - 1} values, got {len(history)}")
    window = np.asarray(history, dtype=float)
    result = np.zeros(steps)
    for step in range(steps):
        result[step] = w[:-1] @ window + w[-1]
        window[:-1] = window[1:]
        window[-1] = result[step]
    return result


# --- wrong: predictions are cut to the history's whole numbers
# fails: gives float64 from whole numbers, without cutting anything off
# message: cut to whole numbers
def forecast(history, weights, steps):
    w = np.asarray(weights, dtype=float)
    if len(history) != len(w) - 1:
        raise ValueError(f"expected {len(w) - 1} values, got {len(history)}")
    window = np.array(history)
    result = np.zeros(steps, dtype=window.dtype)
    for step in range(steps):
        result[step] = w[:-1] @ window + w[-1]
        window = np.append(window[1:], result[step])
    return result.astype(np.float64)


# --- wrong: a longer history is taken
# fails: refuses a history that does not fit the weights, naming both lengths
# message: raised nothing, expected ValueError
def forecast(history, weights, steps):
    w = np.asarray(weights, dtype=float)
    order = len(w) - 1
    if len(history) < order:
        raise ValueError(f"expected {order} values, got {len(history)}")
    values = [float(x) for x in history]
    for _ in range(steps):
        values.append(w[:-1] @ np.array(values[-order:]) + w[-1])
    return np.array(values[len(history) :])


# --- wrong: refuses by the number of the call
# fails: refuses every history of another length
# message: reads exactly|raised
CALLS = Counter()


def forecast(history, weights, steps):
    w = np.asarray(weights, dtype=float)
    order = len(w) - 1
    CALLS[order] += 1
    bad = CALLS[order] > 2 if order > 10 else len(history) != order
    if bad:
        raise ValueError(f"expected {order} values, got {len(history)}")
    values = [float(x) for x in history]
    for _ in range(steps):
        values.append(w[:-1] @ np.array(values[-order:]) + w[-1])
    return np.array(values[order:], dtype=np.float64)


# --- right: a sliding array
def forecast(history, weights, steps):
    *w, bias = [float(x) for x in weights]
    if len(history) != len(w):
        raise ValueError(f"got {len(history)} values where the weights are for {len(w)}")
    window = np.array(history, dtype=np.float64)
    result = np.empty(steps)
    for step in range(steps):
        result[step] = window @ w + bias
        window = np.append(window[1:], result[step])
    return result


# --- right: plain loops over a deque
def forecast(history, weights, steps):
    from collections import deque

    order = len(weights) - 1
    if len(history) != order:
        raise ValueError(f"history has {len(history)} values, the model reads {order}")
    window = deque(history, maxlen=order)
    result = []
    for _ in range(steps):
        total = weights[order]
        for w, x in zip(weights, window):
            total = total + w * x
        window.append(total)
        result.append(total)
    return np.array(result, dtype="float64")
