# --- wrong: bias first
# fails: predicts one step: oldest value times first weight, bias last
# message: the bias was taken from the front
#-        values.append(weights[:-1] @ values[-tau:] + weights[-1])
#+        values.append(weights[1:] @ values[-tau:] + weights[0])

# --- wrong: newest value first
# fails: predicts one step: oldest value times first weight, bias last
# message: the weights are in reverse
#-        values.append(weights[:-1] @ values[-tau:] + weights[-1])
#+        values.append(weights[:-1] @ values[-tau:][::-1] + weights[-1])

# --- wrong: the bias is forgotten
# fails: predicts one step: oldest value times first weight, bias last
# message: the bias is missing
#-        values.append(weights[:-1] @ values[-tau:] + weights[-1])
#+        values.append(weights[:-1] @ values[-tau:])

# --- wrong: the window never moves
# fails: feeds its predictions back
# message: the window never moves
#-        values.append(weights[:-1] @ values[-tau:] + weights[-1])
#+        values.append(weights[:-1] @ values[:tau] + weights[-1])

# --- wrong: the bias comes once
# fails: feeds its predictions back
# message: the bias comes again
#-        values.append(weights[:-1] @ values[-tau:] + weights[-1])
#+        bias = weights[-1] if len(values) == tau else 0
#+        values.append(weights[:-1] @ values[-tau:] + bias)

# --- wrong: returns the history too
# fails: predicts one step: oldest value times first weight, bias last
# message: without the history
#-    return np.array(values[tau:], dtype=np.float64)
#+    return np.array(values, dtype=np.float64)

# --- wrong: writes into the caller's array
# fails: keeps the laws, with arrays and with lists
# message: The caller's history was changed
#+    window = np.asarray(history, dtype=np.float64)
#=    for _ in range(steps):
#-        values.append(weights[:-1] @ values[-tau:] + weights[-1])
#+        values.append(weights[:-1] @ window + weights[-1])
#+        window[:] = values[-tau:]

# --- wrong: predictions are cut to the history's whole numbers
# fails: keeps the laws, with arrays and with lists
# message: Whole numbers are numbers too: here history
#-        values.append(weights[:-1] @ values[-tau:] + weights[-1])
#+        value = weights[:-1] @ values[-tau:] + weights[-1]
#+        values.append(np.array(history).dtype.type(value))

# --- wrong: writes into the caller's list
# fails: keeps the laws, with arrays and with lists
# message: The caller's history was changed
#-    values = [float(x) for x in history]  # a copy: the caller's history stays as it is
#+    values = history if isinstance(history, list) else history.tolist()

# --- wrong: a longer history is taken
# fails: refuses a history that does not fit the weights, naming both lengths
# message: raised nothing, expected ValueError
#-    if len(history) != tau:
#+    if len(history) < tau:
#
#-    return np.array(values[tau:], dtype=np.float64)
#+    return np.array(values[len(history) :], dtype=np.float64)

# --- wrong: refuses by the number of the call
# fails: refuses every history of another length
# message: reads exactly|raised
#+CALLS = Counter()
#=def forecast(history, weights, steps):
#
#-    if len(history) != tau:
#+    CALLS[tau] += 1
#+    if CALLS[tau] > 2 if tau > 10 else len(history) != tau:

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
    window = deque(map(float, history), maxlen=order)
    result = []
    for _ in range(steps):
        total = weights[order]
        for w, x in zip(weights, window):
            total = total + w * x
        window.append(total)
        result.append(total)
    return np.array(result, dtype="float64")

# --- right: a message that shows all that was given
#-        raise ValueError(f"weights for {tau} values need a history of {tau}, got {len(history)}")
#+        raise ValueError(
#+            f"weights for {tau} values need a history of {tau}, got {len(history)}: "
#+            f"history {list(history)}, weights {list(weights)}"
#+        )

# --- wrong: multiplies in the dtype that came
# fails: predicts one step: oldest value times first weight, bias last
# message: an int8 holds nothing above 127
#-    weights = np.asarray(weights, dtype=np.float64)
#+    weights = np.asarray(weights)
#
#-    values = [float(x) for x in history]  # a copy: the caller's history stays as it is
#+    values = list(np.asarray(history))

# --- wrong: stops where the forecast stands still
# fails: feeds its predictions back
# message: From step 2 on
#=        values.append(weights[:-1] @ values[-tau:] + weights[-1])
#+        if len(values) > tau + 2 and abs(values[-1] - values[-2]) < 1e-9:
#+            return np.append(values[tau:], [values[-1]] * (steps + tau - len(values)))

# --- wrong: no steps, no test
# fails: refuses a history that does not fit the weights, naming both lengths
# message: raised nothing, expected ValueError
#-    if len(history) != tau:
#+    if steps > 0 and len(history) != tau:
