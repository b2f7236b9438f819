# --- wrong: the seed's network, weights at 0.01 and never trained
# fails: writes "hello world" from memory
# message: nothing was trained. The start of W_xh is too small
def train_char_rnn(text, hidden_size, steps, learning_rate, rng):
    chars = sorted(set(text))
    V = len(chars)
    return {
        "W_xh": rng.standard_normal((hidden_size, V)) * 0.01,
        "W_hh": rng.standard_normal((hidden_size, hidden_size)) * 0.01,
        "b": np.zeros(hidden_size),
        "W_hy": rng.standard_normal((V, hidden_size)) * 0.01,
        "b_y": np.zeros(V),
        "chars": chars,
    }

# --- wrong: learns to repeat what it reads
# fails: writes "hello world" from memory
# message: predicts the character that it has just read
def train_char_rnn(text, hidden_size, steps, learning_rate, rng):
    chars = sorted(set(text))
    ids = np.array([chars.index(char) for char in text])
    V, T = len(chars), len(text) - 1
    inputs, targets = ids[:-1], ids[:-1]
    W_xh = rng.normal(0, hidden_size**-0.5, (hidden_size, V))
    W_hh = rng.normal(0, hidden_size**-0.5, (hidden_size, hidden_size))
    W_hy = rng.normal(0, hidden_size**-0.5, (V, hidden_size))
    b, b_y = np.zeros(hidden_size), np.zeros(V)
    for _ in range(steps):
        H = np.zeros((T + 1, hidden_size))
        for t in range(T):
            H[t + 1] = np.tanh(W_xh[:, inputs[t]] + W_hh @ H[t] + b)
        scores = H[1:] @ W_hy.T + b_y
        p = np.exp(scores - scores.max(axis=1, keepdims=True))
        p /= p.sum(axis=1, keepdims=True)
        p[np.arange(T), targets] -= 1
        dscores = p / T
        dZ, back = np.zeros((T, hidden_size)), np.zeros(hidden_size)
        for t in reversed(range(T)):
            dZ[t] = (dscores[t] @ W_hy + back) * (1 - H[t + 1] ** 2)
            back = dZ[t] @ W_hh
        dW_xh = dZ.T @ np.eye(V)[inputs]
        grads = [dW_xh, dZ.T @ H[:-1], dZ.sum(axis=0), dscores.T @ H[1:], dscores.sum(axis=0)]
        norm = math.sqrt(sum(float((grad**2).sum()) for grad in grads))
        for weight, grad in zip([W_xh, W_hh, b, W_hy, b_y], grads):
            weight -= learning_rate * grad * min(1.0, 1.0 / max(norm, 1e-12))
    return {"W_xh": W_xh, "W_hh": W_hh, "b": b, "W_hy": W_hy, "b_y": b_y, "chars": chars}

# --- wrong: uphill
# fails: writes "hello world" from memory
# message: does worse than guessing
def train_char_rnn(text, hidden_size, steps, learning_rate, rng):
    chars = sorted(set(text))
    ids = np.array([chars.index(char) for char in text])
    V, T = len(chars), len(text) - 1
    inputs, targets = ids[:-1], ids[1:]
    W_xh = rng.normal(0, hidden_size**-0.5, (hidden_size, V))
    W_hh = rng.normal(0, hidden_size**-0.5, (hidden_size, hidden_size))
    W_hy = rng.normal(0, hidden_size**-0.5, (V, hidden_size))
    b, b_y = np.zeros(hidden_size), np.zeros(V)
    for _ in range(steps):
        H = np.zeros((T + 1, hidden_size))
        for t in range(T):
            H[t + 1] = np.tanh(W_xh[:, inputs[t]] + W_hh @ H[t] + b)
        scores = H[1:] @ W_hy.T + b_y
        p = np.exp(scores - scores.max(axis=1, keepdims=True))
        p /= p.sum(axis=1, keepdims=True)
        p[np.arange(T), targets] -= 1
        dscores = p / T
        dZ, back = np.zeros((T, hidden_size)), np.zeros(hidden_size)
        for t in reversed(range(T)):
            dZ[t] = (dscores[t] @ W_hy + back) * (1 - H[t + 1] ** 2)
            back = dZ[t] @ W_hh
        dW_xh = dZ.T @ np.eye(V)[inputs]
        grads = [dW_xh, dZ.T @ H[:-1], dZ.sum(axis=0), dscores.T @ H[1:], dscores.sum(axis=0)]
        norm = math.sqrt(sum(float((grad**2).sum()) for grad in grads))
        for weight, grad in zip([W_xh, W_hh, b, W_hy, b_y], grads):
            weight += learning_rate * grad * min(1.0, 1.0 / max(norm, 1e-12))
    return {"W_xh": W_xh, "W_hh": W_hh, "b": b, "W_hy": W_hy, "b_y": b_y, "chars": chars}

# --- wrong: a bigram table: the state is never carried on
# fails: writes "hello world" from memory
# message: a state that is not carried on
def train_char_rnn(text, hidden_size, steps, learning_rate, rng):
    chars = sorted(set(text))
    ids = np.array([chars.index(char) for char in text])
    V, T = len(chars), len(text) - 1
    inputs, targets = ids[:-1], ids[1:]
    W_xh = rng.normal(0, hidden_size**-0.5, (hidden_size, V))
    W_hh = rng.normal(0, hidden_size**-0.5, (hidden_size, hidden_size))
    W_hy = rng.normal(0, hidden_size**-0.5, (V, hidden_size))
    b, b_y = np.zeros(hidden_size), np.zeros(V)
    for _ in range(steps):
        H = np.zeros((T + 1, hidden_size))
        for t in range(T):
            H[t + 1] = np.tanh(W_xh[:, inputs[t]] + b)
        scores = H[1:] @ W_hy.T + b_y
        p = np.exp(scores - scores.max(axis=1, keepdims=True))
        p /= p.sum(axis=1, keepdims=True)
        p[np.arange(T), targets] -= 1
        dscores = p / T
        dZ, back = np.zeros((T, hidden_size)), np.zeros(hidden_size)
        for t in reversed(range(T)):
            dZ[t] = (dscores[t] @ W_hy + back) * (1 - H[t + 1] ** 2)
            back = dZ[t] @ W_hh
        dW_xh = dZ.T @ np.eye(V)[inputs]
        grads = [dW_xh, dZ.T @ H[:-1], dZ.sum(axis=0), dscores.T @ H[1:], dscores.sum(axis=0)]
        norm = math.sqrt(sum(float((grad**2).sum()) for grad in grads))
        for weight, grad in zip([W_xh, W_hh, b, W_hy, b_y], grads):
            weight -= learning_rate * grad * min(1.0, 1.0 / max(norm, 1e-12))
    return {"W_xh": W_xh, "W_hh": W_hh, "b": b, "W_hy": W_hy, "b_y": b_y, "chars": chars}

# --- wrong: a bigram table: the state is not carried on, nor any gradient
# fails: writes "hello world" from memory
# message: trained without carrying the state on
def train_char_rnn(text, hidden_size, steps, learning_rate, rng):
    chars = sorted(set(text))
    ids = np.array([chars.index(char) for char in text])
    V, T = len(chars), len(text) - 1
    inputs, targets = ids[:-1], ids[1:]
    W_xh = rng.normal(0, hidden_size**-0.5, (hidden_size, V))
    W_hh = rng.normal(0, hidden_size**-0.5, (hidden_size, hidden_size))
    W_hy = rng.normal(0, hidden_size**-0.5, (V, hidden_size))
    b, b_y = np.zeros(hidden_size), np.zeros(V)
    for _ in range(steps):
        H = np.zeros((T + 1, hidden_size))
        for t in range(T):
            H[t + 1] = np.tanh(W_xh[:, inputs[t]] + b)
        scores = H[1:] @ W_hy.T + b_y
        p = np.exp(scores - scores.max(axis=1, keepdims=True))
        p /= p.sum(axis=1, keepdims=True)
        p[np.arange(T), targets] -= 1
        dscores = p / T
        dZ, back = np.zeros((T, hidden_size)), np.zeros(hidden_size)
        for t in reversed(range(T)):
            dZ[t] = (dscores[t] @ W_hy + back) * (1 - H[t + 1] ** 2)
        dW_xh = dZ.T @ np.eye(V)[inputs]
        grads = [dW_xh, dZ.T @ H[:-1], dZ.sum(axis=0), dscores.T @ H[1:], dscores.sum(axis=0)]
        norm = math.sqrt(sum(float((grad**2).sum()) for grad in grads))
        for weight, grad in zip([W_xh, W_hh, b, W_hy, b_y], grads):
            weight -= learning_rate * grad * min(1.0, 1.0 / max(norm, 1e-12))
    return {"W_xh": W_xh, "W_hh": W_hh, "b": b, "W_hy": W_hy, "b_y": b_y, "chars": chars}

# --- wrong: trains the biases alone
# fails: writes "hello world" from memory
# message: learned something|hardly does better
def train_char_rnn(text, hidden_size, steps, learning_rate, rng):
    chars = sorted(set(text))
    ids = np.array([chars.index(char) for char in text])
    V, T = len(chars), len(text) - 1
    inputs, targets = ids[:-1], ids[1:]
    W_xh = rng.normal(0, hidden_size**-0.5, (hidden_size, V))
    W_hh = rng.normal(0, hidden_size**-0.5, (hidden_size, hidden_size))
    W_hy = rng.normal(0, hidden_size**-0.5, (V, hidden_size))
    b, b_y = np.zeros(hidden_size), np.zeros(V)
    for _ in range(steps):
        H = np.zeros((T + 1, hidden_size))
        for t in range(T):
            H[t + 1] = np.tanh(W_xh[:, inputs[t]] + W_hh @ H[t] + b)
        scores = H[1:] @ W_hy.T + b_y
        p = np.exp(scores - scores.max(axis=1, keepdims=True))
        p /= p.sum(axis=1, keepdims=True)
        p[np.arange(T), targets] -= 1
        dscores = p / T
        dZ, back = np.zeros((T, hidden_size)), np.zeros(hidden_size)
        for t in reversed(range(T)):
            dZ[t] = (dscores[t] @ W_hy + back) * (1 - H[t + 1] ** 2)
            back = dZ[t] @ W_hh
        dW_xh = dZ.T @ np.eye(V)[inputs]
        grads = [dW_xh, dZ.T @ H[:-1], dZ.sum(axis=0), dscores.T @ H[1:], dscores.sum(axis=0)]
        norm = math.sqrt(sum(float((grad**2).sum()) for grad in grads))
        for weight, grad in zip([b, b_y], [grads[2], grads[4]]):
            weight -= learning_rate * grad * min(1.0, 1.0 / max(norm, 1e-12))
    return {"W_xh": W_xh, "W_hh": W_hh, "b": b, "W_hy": W_hy, "b_y": b_y, "chars": chars}

# --- wrong: the characters in the order of a set
# fails: gives the five arrays and the sorted characters, starts near 1/√H, and learns
# message: sorted list of the distinct characters
def train_char_rnn(text, hidden_size, steps, learning_rate, rng):
    chars = sorted(set(text))[::-1]
    ids = np.array([chars.index(char) for char in text])
    V, T = len(chars), len(text) - 1
    inputs, targets = ids[:-1], ids[1:]
    W_xh = rng.normal(0, hidden_size**-0.5, (hidden_size, V))
    W_hh = rng.normal(0, hidden_size**-0.5, (hidden_size, hidden_size))
    W_hy = rng.normal(0, hidden_size**-0.5, (V, hidden_size))
    b, b_y = np.zeros(hidden_size), np.zeros(V)
    for _ in range(steps):
        H = np.zeros((T + 1, hidden_size))
        for t in range(T):
            H[t + 1] = np.tanh(W_xh[:, inputs[t]] + W_hh @ H[t] + b)
        scores = H[1:] @ W_hy.T + b_y
        p = np.exp(scores - scores.max(axis=1, keepdims=True))
        p /= p.sum(axis=1, keepdims=True)
        p[np.arange(T), targets] -= 1
        dscores = p / T
        dZ, back = np.zeros((T, hidden_size)), np.zeros(hidden_size)
        for t in reversed(range(T)):
            dZ[t] = (dscores[t] @ W_hy + back) * (1 - H[t + 1] ** 2)
            back = dZ[t] @ W_hh
        dW_xh = dZ.T @ np.eye(V)[inputs]
        grads = [dW_xh, dZ.T @ H[:-1], dZ.sum(axis=0), dscores.T @ H[1:], dscores.sum(axis=0)]
        norm = math.sqrt(sum(float((grad**2).sum()) for grad in grads))
        for weight, grad in zip([W_xh, W_hh, b, W_hy, b_y], grads):
            weight -= learning_rate * grad * min(1.0, 1.0 / max(norm, 1e-12))
    return {"W_xh": W_xh, "W_hh": W_hh, "b": b, "W_hy": W_hy, "b_y": b_y, "chars": chars}

# --- wrong: draws from NumPy's global generator
# fails: draws from rng alone: the same seed trains the same weights, another seed others
# message: draw every random number from rng
def train_char_rnn(text, hidden_size, steps, learning_rate, rng):
    chars = sorted(set(text))
    ids = np.array([chars.index(char) for char in text])
    V, T = len(chars), len(text) - 1
    inputs, targets = ids[:-1], ids[1:]
    W_xh = np.random.normal(0, hidden_size**-0.5, (hidden_size, V))
    W_hh = rng.normal(0, hidden_size**-0.5, (hidden_size, hidden_size))
    W_hy = rng.normal(0, hidden_size**-0.5, (V, hidden_size))
    b, b_y = np.zeros(hidden_size), np.zeros(V)
    for _ in range(steps):
        H = np.zeros((T + 1, hidden_size))
        for t in range(T):
            H[t + 1] = np.tanh(W_xh[:, inputs[t]] + W_hh @ H[t] + b)
        scores = H[1:] @ W_hy.T + b_y
        p = np.exp(scores - scores.max(axis=1, keepdims=True))
        p /= p.sum(axis=1, keepdims=True)
        p[np.arange(T), targets] -= 1
        dscores = p / T
        dZ, back = np.zeros((T, hidden_size)), np.zeros(hidden_size)
        for t in reversed(range(T)):
            dZ[t] = (dscores[t] @ W_hy + back) * (1 - H[t + 1] ** 2)
            back = dZ[t] @ W_hh
        dW_xh = dZ.T @ np.eye(V)[inputs]
        grads = [dW_xh, dZ.T @ H[:-1], dZ.sum(axis=0), dscores.T @ H[1:], dscores.sum(axis=0)]
        norm = math.sqrt(sum(float((grad**2).sum()) for grad in grads))
        for weight, grad in zip([W_xh, W_hh, b, W_hy, b_y], grads):
            weight -= learning_rate * grad * min(1.0, 1.0 / max(norm, 1e-12))
    return {"W_xh": W_xh, "W_hh": W_hh, "b": b, "W_hy": W_hy, "b_y": b_y, "chars": chars}

# --- wrong: a generator of its own
# fails: draws from rng alone: the same seed trains the same weights, another seed others
# message: not from a generator of your own
def train_char_rnn(text, hidden_size, steps, learning_rate, rng):
    chars = sorted(set(text))
    ids = np.array([chars.index(char) for char in text])
    rng = np.random.default_rng(0)
    V, T = len(chars), len(text) - 1
    inputs, targets = ids[:-1], ids[1:]
    W_xh = rng.normal(0, hidden_size**-0.5, (hidden_size, V))
    W_hh = rng.normal(0, hidden_size**-0.5, (hidden_size, hidden_size))
    W_hy = rng.normal(0, hidden_size**-0.5, (V, hidden_size))
    b, b_y = np.zeros(hidden_size), np.zeros(V)
    for _ in range(steps):
        H = np.zeros((T + 1, hidden_size))
        for t in range(T):
            H[t + 1] = np.tanh(W_xh[:, inputs[t]] + W_hh @ H[t] + b)
        scores = H[1:] @ W_hy.T + b_y
        p = np.exp(scores - scores.max(axis=1, keepdims=True))
        p /= p.sum(axis=1, keepdims=True)
        p[np.arange(T), targets] -= 1
        dscores = p / T
        dZ, back = np.zeros((T, hidden_size)), np.zeros(hidden_size)
        for t in reversed(range(T)):
            dZ[t] = (dscores[t] @ W_hy + back) * (1 - H[t + 1] ** 2)
            back = dZ[t] @ W_hh
        dW_xh = dZ.T @ np.eye(V)[inputs]
        grads = [dW_xh, dZ.T @ H[:-1], dZ.sum(axis=0), dscores.T @ H[1:], dscores.sum(axis=0)]
        norm = math.sqrt(sum(float((grad**2).sum()) for grad in grads))
        for weight, grad in zip([W_xh, W_hh, b, W_hy, b_y], grads):
            weight -= learning_rate * grad * min(1.0, 1.0 / max(norm, 1e-12))
    return {"W_xh": W_xh, "W_hh": W_hh, "b": b, "W_hy": W_hy, "b_y": b_y, "chars": chars}

# --- wrong: starts from zeros
# fails: draws from rng alone: the same seed trains the same weights, another seed others
# message: not as zeros
def train_char_rnn(text, hidden_size, steps, learning_rate, rng):
    chars = sorted(set(text))
    ids = np.array([chars.index(char) for char in text])
    V, T = len(chars), len(text) - 1
    inputs, targets = ids[:-1], ids[1:]
    W_xh = np.zeros((hidden_size, V))
    W_hh = np.zeros((hidden_size, hidden_size))
    W_hy = np.zeros((V, hidden_size))
    b, b_y = np.zeros(hidden_size), np.zeros(V)
    for _ in range(steps):
        H = np.zeros((T + 1, hidden_size))
        for t in range(T):
            H[t + 1] = np.tanh(W_xh[:, inputs[t]] + W_hh @ H[t] + b)
        scores = H[1:] @ W_hy.T + b_y
        p = np.exp(scores - scores.max(axis=1, keepdims=True))
        p /= p.sum(axis=1, keepdims=True)
        p[np.arange(T), targets] -= 1
        dscores = p / T
        dZ, back = np.zeros((T, hidden_size)), np.zeros(hidden_size)
        for t in reversed(range(T)):
            dZ[t] = (dscores[t] @ W_hy + back) * (1 - H[t + 1] ** 2)
            back = dZ[t] @ W_hh
        dW_xh = dZ.T @ np.eye(V)[inputs]
        grads = [dW_xh, dZ.T @ H[:-1], dZ.sum(axis=0), dscores.T @ H[1:], dscores.sum(axis=0)]
        norm = math.sqrt(sum(float((grad**2).sum()) for grad in grads))
        for weight, grad in zip([W_xh, W_hh, b, W_hy, b_y], grads):
            weight -= learning_rate * grad * min(1.0, 1.0 / max(norm, 1e-12))
    return {"W_xh": W_xh, "W_hh": W_hh, "b": b, "W_hy": W_hy, "b_y": b_y, "chars": chars}

# --- wrong: steps is ignored
# fails: makes as many steps as told, as large as told, and they help
# message: Neither steps=0 nor learning_rate=0
def train_char_rnn(text, hidden_size, steps, learning_rate, rng):
    chars = sorted(set(text))
    ids = np.array([chars.index(char) for char in text])
    V, T = len(chars), len(text) - 1
    inputs, targets = ids[:-1], ids[1:]
    W_xh = rng.normal(0, hidden_size**-0.5, (hidden_size, V))
    W_hh = rng.normal(0, hidden_size**-0.5, (hidden_size, hidden_size))
    W_hy = rng.normal(0, hidden_size**-0.5, (V, hidden_size))
    b, b_y = np.zeros(hidden_size), np.zeros(V)
    for _ in range(300):
        H = np.zeros((T + 1, hidden_size))
        for t in range(T):
            H[t + 1] = np.tanh(W_xh[:, inputs[t]] + W_hh @ H[t] + b)
        scores = H[1:] @ W_hy.T + b_y
        p = np.exp(scores - scores.max(axis=1, keepdims=True))
        p /= p.sum(axis=1, keepdims=True)
        p[np.arange(T), targets] -= 1
        dscores = p / T
        dZ, back = np.zeros((T, hidden_size)), np.zeros(hidden_size)
        for t in reversed(range(T)):
            dZ[t] = (dscores[t] @ W_hy + back) * (1 - H[t + 1] ** 2)
            back = dZ[t] @ W_hh
        dW_xh = dZ.T @ np.eye(V)[inputs]
        grads = [dW_xh, dZ.T @ H[:-1], dZ.sum(axis=0), dscores.T @ H[1:], dscores.sum(axis=0)]
        norm = math.sqrt(sum(float((grad**2).sum()) for grad in grads))
        for weight, grad in zip([W_xh, W_hh, b, W_hy, b_y], grads):
            weight -= learning_rate * grad * min(1.0, 1.0 / max(norm, 1e-12))
    return {"W_xh": W_xh, "W_hh": W_hh, "b": b, "W_hy": W_hy, "b_y": b_y, "chars": chars}

# --- wrong: the learning rate is ignored
# fails: makes as many steps as told, as large as told, and they help
# message: Neither steps=0 nor learning_rate=0
def train_char_rnn(text, hidden_size, steps, learning_rate, rng):
    chars = sorted(set(text))
    ids = np.array([chars.index(char) for char in text])
    V, T = len(chars), len(text) - 1
    inputs, targets = ids[:-1], ids[1:]
    W_xh = rng.normal(0, hidden_size**-0.5, (hidden_size, V))
    W_hh = rng.normal(0, hidden_size**-0.5, (hidden_size, hidden_size))
    W_hy = rng.normal(0, hidden_size**-0.5, (V, hidden_size))
    b, b_y = np.zeros(hidden_size), np.zeros(V)
    for _ in range(steps):
        H = np.zeros((T + 1, hidden_size))
        for t in range(T):
            H[t + 1] = np.tanh(W_xh[:, inputs[t]] + W_hh @ H[t] + b)
        scores = H[1:] @ W_hy.T + b_y
        p = np.exp(scores - scores.max(axis=1, keepdims=True))
        p /= p.sum(axis=1, keepdims=True)
        p[np.arange(T), targets] -= 1
        dscores = p / T
        dZ, back = np.zeros((T, hidden_size)), np.zeros(hidden_size)
        for t in reversed(range(T)):
            dZ[t] = (dscores[t] @ W_hy + back) * (1 - H[t + 1] ** 2)
            back = dZ[t] @ W_hh
        dW_xh = dZ.T @ np.eye(V)[inputs]
        grads = [dW_xh, dZ.T @ H[:-1], dZ.sum(axis=0), dscores.T @ H[1:], dscores.sum(axis=0)]
        norm = math.sqrt(sum(float((grad**2).sum()) for grad in grads))
        for weight, grad in zip([W_xh, W_hh, b, W_hy, b_y], grads):
            weight -= 0.1 * grad * min(1.0, 1.0 / max(norm, 1e-12))
    return {"W_xh": W_xh, "W_hh": W_hh, "b": b, "W_hy": W_hy, "b_y": b_y, "chars": chars}

# --- wrong: b_y is left out of the scores in training
# fails: does no worse than guessing by frequency where one unit is too few to remember
# message: bias b_y
def train_char_rnn(text, hidden_size, steps, learning_rate, rng):
    chars = sorted(set(text))
    ids = np.array([chars.index(char) for char in text])
    V, T = len(chars), len(text) - 1
    inputs, targets = ids[:-1], ids[1:]
    W_xh = rng.normal(0, hidden_size**-0.5, (hidden_size, V))
    W_hh = rng.normal(0, hidden_size**-0.5, (hidden_size, hidden_size))
    W_hy = rng.normal(0, hidden_size**-0.5, (V, hidden_size))
    b, b_y = np.zeros(hidden_size), np.zeros(V)
    for _ in range(steps):
        H = np.zeros((T + 1, hidden_size))
        for t in range(T):
            H[t + 1] = np.tanh(W_xh[:, inputs[t]] + W_hh @ H[t] + b)
        scores = H[1:] @ W_hy.T
        p = np.exp(scores - scores.max(axis=1, keepdims=True))
        p /= p.sum(axis=1, keepdims=True)
        p[np.arange(T), targets] -= 1
        dscores = p / T
        dZ, back = np.zeros((T, hidden_size)), np.zeros(hidden_size)
        for t in reversed(range(T)):
            dZ[t] = (dscores[t] @ W_hy + back) * (1 - H[t + 1] ** 2)
            back = dZ[t] @ W_hh
        dW_xh = dZ.T @ np.eye(V)[inputs]
        grads = [dW_xh, dZ.T @ H[:-1], dZ.sum(axis=0), dscores.T @ H[1:], dscores.sum(axis=0)]
        norm = math.sqrt(sum(float((grad**2).sum()) for grad in grads))
        for weight, grad in zip([W_xh, W_hh, b, W_hy, b_y], grads):
            weight -= learning_rate * grad * min(1.0, 1.0 / max(norm, 1e-12))
    return {"W_xh": W_xh, "W_hh": W_hh, "b": b, "W_hy": W_hy, "b_y": b_y, "chars": chars}

# --- wrong: b_y gets the sum over everything, which is zero
# fails: makes as many steps as told, as large as told, and they help
# message: b_y is not trained
def train_char_rnn(text, hidden_size, steps, learning_rate, rng):
    chars = sorted(set(text))
    ids = np.array([chars.index(char) for char in text])
    V, T = len(chars), len(text) - 1
    inputs, targets = ids[:-1], ids[1:]
    W_xh = rng.normal(0, hidden_size**-0.5, (hidden_size, V))
    W_hh = rng.normal(0, hidden_size**-0.5, (hidden_size, hidden_size))
    W_hy = rng.normal(0, hidden_size**-0.5, (V, hidden_size))
    b, b_y = np.zeros(hidden_size), np.zeros(V)
    for _ in range(steps):
        H = np.zeros((T + 1, hidden_size))
        for t in range(T):
            H[t + 1] = np.tanh(W_xh[:, inputs[t]] + W_hh @ H[t] + b)
        scores = H[1:] @ W_hy.T + b_y
        p = np.exp(scores - scores.max(axis=1, keepdims=True))
        p /= p.sum(axis=1, keepdims=True)
        p[np.arange(T), targets] -= 1
        dscores = p / T
        dZ, back = np.zeros((T, hidden_size)), np.zeros(hidden_size)
        for t in reversed(range(T)):
            dZ[t] = (dscores[t] @ W_hy + back) * (1 - H[t + 1] ** 2)
            back = dZ[t] @ W_hh
        dW_xh = dZ.T @ np.eye(V)[inputs]
        grads = [dW_xh, dZ.T @ H[:-1], dZ.sum(axis=0), dscores.T @ H[1:], dscores.sum()]
        norm = math.sqrt(sum(float((grad**2).sum()) for grad in grads))
        for weight, grad in zip([W_xh, W_hh, b, W_hy, b_y], grads):
            weight -= learning_rate * grad * min(1.0, 1.0 / max(norm, 1e-12))
    return {"W_xh": W_xh, "W_hh": W_hh, "b": b, "W_hy": W_hy, "b_y": b_y, "chars": chars}

# --- wrong: input weights as (from, to)
# fails: gives the five arrays and the sorted characters, starts near 1/√H, and learns
# message: W \(to, from\)
def train_char_rnn(text, hidden_size, steps, learning_rate, rng):
    chars = sorted(set(text))
    ids = np.array([chars.index(char) for char in text])
    V, T = len(chars), len(text) - 1
    inputs, targets = ids[:-1], ids[1:]
    W_xh = rng.normal(0, hidden_size**-0.5, (hidden_size, V))
    W_hh = rng.normal(0, hidden_size**-0.5, (hidden_size, hidden_size))
    W_hy = rng.normal(0, hidden_size**-0.5, (V, hidden_size))
    b, b_y = np.zeros(hidden_size), np.zeros(V)
    for _ in range(steps):
        H = np.zeros((T + 1, hidden_size))
        for t in range(T):
            H[t + 1] = np.tanh(W_xh[:, inputs[t]] + W_hh @ H[t] + b)
        scores = H[1:] @ W_hy.T + b_y
        p = np.exp(scores - scores.max(axis=1, keepdims=True))
        p /= p.sum(axis=1, keepdims=True)
        p[np.arange(T), targets] -= 1
        dscores = p / T
        dZ, back = np.zeros((T, hidden_size)), np.zeros(hidden_size)
        for t in reversed(range(T)):
            dZ[t] = (dscores[t] @ W_hy + back) * (1 - H[t + 1] ** 2)
            back = dZ[t] @ W_hh
        dW_xh = dZ.T @ np.eye(V)[inputs]
        grads = [dW_xh, dZ.T @ H[:-1], dZ.sum(axis=0), dscores.T @ H[1:], dscores.sum(axis=0)]
        norm = math.sqrt(sum(float((grad**2).sum()) for grad in grads))
        for weight, grad in zip([W_xh, W_hh, b, W_hy, b_y], grads):
            weight -= learning_rate * grad * min(1.0, 1.0 / max(norm, 1e-12))
    return {"W_xh": W_xh.T, "W_hh": W_hh, "b": b, "W_hy": W_hy, "b_y": b_y, "chars": chars}

# --- wrong: a tuple instead of a dict
# fails: gives the five arrays and the sorted characters, starts near 1/√H, and learns
# message: exactly the keys
def train_char_rnn(text, hidden_size, steps, learning_rate, rng):
    chars = sorted(set(text))
    ids = np.array([chars.index(char) for char in text])
    V, T = len(chars), len(text) - 1
    inputs, targets = ids[:-1], ids[1:]
    W_xh = rng.normal(0, hidden_size**-0.5, (hidden_size, V))
    W_hh = rng.normal(0, hidden_size**-0.5, (hidden_size, hidden_size))
    W_hy = rng.normal(0, hidden_size**-0.5, (V, hidden_size))
    b, b_y = np.zeros(hidden_size), np.zeros(V)
    for _ in range(steps):
        H = np.zeros((T + 1, hidden_size))
        for t in range(T):
            H[t + 1] = np.tanh(W_xh[:, inputs[t]] + W_hh @ H[t] + b)
        scores = H[1:] @ W_hy.T + b_y
        p = np.exp(scores - scores.max(axis=1, keepdims=True))
        p /= p.sum(axis=1, keepdims=True)
        p[np.arange(T), targets] -= 1
        dscores = p / T
        dZ, back = np.zeros((T, hidden_size)), np.zeros(hidden_size)
        for t in reversed(range(T)):
            dZ[t] = (dscores[t] @ W_hy + back) * (1 - H[t + 1] ** 2)
            back = dZ[t] @ W_hh
        dW_xh = dZ.T @ np.eye(V)[inputs]
        grads = [dW_xh, dZ.T @ H[:-1], dZ.sum(axis=0), dscores.T @ H[1:], dscores.sum(axis=0)]
        norm = math.sqrt(sum(float((grad**2).sum()) for grad in grads))
        for weight, grad in zip([W_xh, W_hh, b, W_hy, b_y], grads):
            weight -= learning_rate * grad * min(1.0, 1.0 / max(norm, 1e-12))
    return W_xh, W_hh, b, W_hy, b_y, chars

# --- wrong: starts with a state of ones in training
# fails: writes a sentence in which the last few characters do not tell the next
# message: .
def train_char_rnn(text, hidden_size, steps, learning_rate, rng):
    chars = sorted(set(text))
    ids = np.array([chars.index(char) for char in text])
    V, T = len(chars), len(text) - 1
    inputs, targets = ids[:-1], ids[1:]
    W_xh = rng.normal(0, hidden_size**-0.5, (hidden_size, V))
    W_hh = rng.normal(0, hidden_size**-0.5, (hidden_size, hidden_size))
    W_hy = rng.normal(0, hidden_size**-0.5, (V, hidden_size))
    b, b_y = np.zeros(hidden_size), np.zeros(V)
    for _ in range(steps):
        H = np.ones((T + 1, hidden_size))
        for t in range(T):
            H[t + 1] = np.tanh(W_xh[:, inputs[t]] + W_hh @ H[t] + b)
        scores = H[1:] @ W_hy.T + b_y
        p = np.exp(scores - scores.max(axis=1, keepdims=True))
        p /= p.sum(axis=1, keepdims=True)
        p[np.arange(T), targets] -= 1
        dscores = p / T
        dZ, back = np.zeros((T, hidden_size)), np.zeros(hidden_size)
        for t in reversed(range(T)):
            dZ[t] = (dscores[t] @ W_hy + back) * (1 - H[t + 1] ** 2)
            back = dZ[t] @ W_hh
        dW_xh = dZ.T @ np.eye(V)[inputs]
        grads = [dW_xh, dZ.T @ H[:-1], dZ.sum(axis=0), dscores.T @ H[1:], dscores.sum(axis=0)]
        norm = math.sqrt(sum(float((grad**2).sum()) for grad in grads))
        for weight, grad in zip([W_xh, W_hh, b, W_hy, b_y], grads):
            weight -= learning_rate * grad * min(1.0, 1.0 / max(norm, 1e-12))
    return {"W_xh": W_xh, "W_hh": W_hh, "b": b, "W_hy": W_hy, "b_y": b_y, "chars": chars}

# --- wrong: a start of 0.01, as the seed's, and trained
# fails: gives the five arrays and the sorted characters, starts near 1/√H, and learns
# message: start of W_xh is too small
def train_char_rnn(text, hidden_size, steps, learning_rate, rng):
    chars = sorted(set(text))
    ids = np.array([chars.index(char) for char in text])
    V, T = len(chars), len(text) - 1
    inputs, targets = ids[:-1], ids[1:]
    W_xh = rng.normal(0, 0.01, (hidden_size, V))
    W_hh = rng.normal(0, 0.01, (hidden_size, hidden_size))
    W_hy = rng.normal(0, 0.01, (V, hidden_size))
    b, b_y = np.zeros(hidden_size), np.zeros(V)
    for _ in range(steps):
        H = np.zeros((T + 1, hidden_size))
        for t in range(T):
            H[t + 1] = np.tanh(W_xh[:, inputs[t]] + W_hh @ H[t] + b)
        scores = H[1:] @ W_hy.T + b_y
        p = np.exp(scores - scores.max(axis=1, keepdims=True))
        p /= p.sum(axis=1, keepdims=True)
        p[np.arange(T), targets] -= 1
        dscores = p / T
        dZ, back = np.zeros((T, hidden_size)), np.zeros(hidden_size)
        for t in reversed(range(T)):
            dZ[t] = (dscores[t] @ W_hy + back) * (1 - H[t + 1] ** 2)
            back = dZ[t] @ W_hh
        dW_xh = dZ.T @ np.eye(V)[inputs]
        grads = [dW_xh, dZ.T @ H[:-1], dZ.sum(axis=0), dscores.T @ H[1:], dscores.sum(axis=0)]
        norm = math.sqrt(sum(float((grad**2).sum()) for grad in grads))
        for weight, grad in zip([W_xh, W_hh, b, W_hy, b_y], grads):
            weight -= learning_rate * grad * min(1.0, 1.0 / max(norm, 1e-12))
    return {"W_xh": W_xh, "W_hh": W_hh, "b": b, "W_hy": W_hy, "b_y": b_y, "chars": chars}

# --- wrong: a start of 1
# fails: gives the five arrays and the sorted characters, starts near 1/√H, and learns
# message: start of W_xh is too large
def train_char_rnn(text, hidden_size, steps, learning_rate, rng):
    chars = sorted(set(text))
    ids = np.array([chars.index(char) for char in text])
    V, T = len(chars), len(text) - 1
    inputs, targets = ids[:-1], ids[1:]
    W_xh = rng.normal(0, 1, (hidden_size, V))
    W_hh = rng.normal(0, 1, (hidden_size, hidden_size))
    W_hy = rng.normal(0, 1, (V, hidden_size))
    b, b_y = np.zeros(hidden_size), np.zeros(V)
    for _ in range(steps):
        H = np.zeros((T + 1, hidden_size))
        for t in range(T):
            H[t + 1] = np.tanh(W_xh[:, inputs[t]] + W_hh @ H[t] + b)
        scores = H[1:] @ W_hy.T + b_y
        p = np.exp(scores - scores.max(axis=1, keepdims=True))
        p /= p.sum(axis=1, keepdims=True)
        p[np.arange(T), targets] -= 1
        dscores = p / T
        dZ, back = np.zeros((T, hidden_size)), np.zeros(hidden_size)
        for t in reversed(range(T)):
            dZ[t] = (dscores[t] @ W_hy + back) * (1 - H[t + 1] ** 2)
            back = dZ[t] @ W_hh
        dW_xh = dZ.T @ np.eye(V)[inputs]
        grads = [dW_xh, dZ.T @ H[:-1], dZ.sum(axis=0), dscores.T @ H[1:], dscores.sum(axis=0)]
        norm = math.sqrt(sum(float((grad**2).sum()) for grad in grads))
        for weight, grad in zip([W_xh, W_hh, b, W_hy, b_y], grads):
            weight -= learning_rate * grad * min(1.0, 1.0 / max(norm, 1e-12))
    return {"W_xh": W_xh, "W_hh": W_hh, "b": b, "W_hy": W_hy, "b_y": b_y, "chars": chars}

# --- wrong: a start of 1, seen by what is written
# fails: writes a sentence of 20 to 60 characters from memory
# message: ^The start of W_xh is too large
def train_char_rnn(text, hidden_size, steps, learning_rate, rng):
    chars = sorted(set(text))
    ids = np.array([chars.index(char) for char in text])
    V, T = len(chars), len(text) - 1
    inputs, targets = ids[:-1], ids[1:]
    W_xh = rng.normal(0, 1, (hidden_size, V))
    W_hh = rng.normal(0, 1, (hidden_size, hidden_size))
    W_hy = rng.normal(0, 1, (V, hidden_size))
    b, b_y = np.zeros(hidden_size), np.zeros(V)
    for _ in range(steps):
        H = np.zeros((T + 1, hidden_size))
        for t in range(T):
            H[t + 1] = np.tanh(W_xh[:, inputs[t]] + W_hh @ H[t] + b)
        scores = H[1:] @ W_hy.T + b_y
        p = np.exp(scores - scores.max(axis=1, keepdims=True))
        p /= p.sum(axis=1, keepdims=True)
        p[np.arange(T), targets] -= 1
        dscores = p / T
        dZ, back = np.zeros((T, hidden_size)), np.zeros(hidden_size)
        for t in reversed(range(T)):
            dZ[t] = (dscores[t] @ W_hy + back) * (1 - H[t + 1] ** 2)
            back = dZ[t] @ W_hh
        dW_xh = dZ.T @ np.eye(V)[inputs]
        grads = [dW_xh, dZ.T @ H[:-1], dZ.sum(axis=0), dscores.T @ H[1:], dscores.sum(axis=0)]
        norm = math.sqrt(sum(float((grad**2).sum()) for grad in grads))
        for weight, grad in zip([W_xh, W_hh, b, W_hy, b_y], grads):
            weight -= learning_rate * grad * min(1.0, 1.0 / max(norm, 1e-12))
    return {"W_xh": W_xh, "W_hh": W_hh, "b": b, "W_hy": W_hy, "b_y": b_y, "chars": chars}

# --- wrong: equal units
# fails: gives the five arrays and the sorted characters, starts near 1/√H, and learns
# message: W_xh is the same for all units at the start
def train_char_rnn(text, hidden_size, steps, learning_rate, rng):
    chars = sorted(set(text))
    ids = np.array([chars.index(char) for char in text])
    V, T = len(chars), len(text) - 1
    inputs, targets = ids[:-1], ids[1:]
    W_xh = np.full((hidden_size, V), hidden_size**-0.5)
    W_hh = rng.normal(0, hidden_size**-0.5, (hidden_size, hidden_size))
    W_hy = rng.normal(0, hidden_size**-0.5, (V, hidden_size))
    b, b_y = np.zeros(hidden_size), np.zeros(V)
    for _ in range(steps):
        H = np.zeros((T + 1, hidden_size))
        for t in range(T):
            H[t + 1] = np.tanh(W_xh[:, inputs[t]] + W_hh @ H[t] + b)
        scores = H[1:] @ W_hy.T + b_y
        p = np.exp(scores - scores.max(axis=1, keepdims=True))
        p /= p.sum(axis=1, keepdims=True)
        p[np.arange(T), targets] -= 1
        dscores = p / T
        dZ, back = np.zeros((T, hidden_size)), np.zeros(hidden_size)
        for t in reversed(range(T)):
            dZ[t] = (dscores[t] @ W_hy + back) * (1 - H[t + 1] ** 2)
            back = dZ[t] @ W_hh
        dW_xh = dZ.T @ np.eye(V)[inputs]
        grads = [dW_xh, dZ.T @ H[:-1], dZ.sum(axis=0), dscores.T @ H[1:], dscores.sum(axis=0)]
        norm = math.sqrt(sum(float((grad**2).sum()) for grad in grads))
        for weight, grad in zip([W_xh, W_hh, b, W_hy, b_y], grads):
            weight -= learning_rate * grad * min(1.0, 1.0 / max(norm, 1e-12))
    return {"W_xh": W_xh, "W_hh": W_hh, "b": b, "W_hy": W_hy, "b_y": b_y, "chars": chars}

# --- wrong: one step fewer than told
# fails: makes as many steps as told, as large as told, and they help
# message: one step is one update
def train_char_rnn(text, hidden_size, steps, learning_rate, rng):
    chars = sorted(set(text))
    ids = np.array([chars.index(char) for char in text])
    V, T = len(chars), len(text) - 1
    inputs, targets = ids[:-1], ids[1:]
    W_xh = rng.normal(0, hidden_size**-0.5, (hidden_size, V))
    W_hh = rng.normal(0, hidden_size**-0.5, (hidden_size, hidden_size))
    W_hy = rng.normal(0, hidden_size**-0.5, (V, hidden_size))
    b, b_y = np.zeros(hidden_size), np.zeros(V)
    for _ in range(steps - 1):
        H = np.zeros((T + 1, hidden_size))
        for t in range(T):
            H[t + 1] = np.tanh(W_xh[:, inputs[t]] + W_hh @ H[t] + b)
        scores = H[1:] @ W_hy.T + b_y
        p = np.exp(scores - scores.max(axis=1, keepdims=True))
        p /= p.sum(axis=1, keepdims=True)
        p[np.arange(T), targets] -= 1
        dscores = p / T
        dZ, back = np.zeros((T, hidden_size)), np.zeros(hidden_size)
        for t in reversed(range(T)):
            dZ[t] = (dscores[t] @ W_hy + back) * (1 - H[t + 1] ** 2)
            back = dZ[t] @ W_hh
        dW_xh = dZ.T @ np.eye(V)[inputs]
        grads = [dW_xh, dZ.T @ H[:-1], dZ.sum(axis=0), dscores.T @ H[1:], dscores.sum(axis=0)]
        norm = math.sqrt(sum(float((grad**2).sum()) for grad in grads))
        for weight, grad in zip([W_xh, W_hh, b, W_hy, b_y], grads):
            weight -= learning_rate * grad * min(1.0, 1.0 / max(norm, 1e-12))
    return {"W_xh": W_xh, "W_hh": W_hh, "b": b, "W_hy": W_hy, "b_y": b_y, "chars": chars}

# --- wrong: W_xh goes uphill
# fails: makes as many steps as told, as large as told, and they help
# message: does not move W_xh downhill
def train_char_rnn(text, hidden_size, steps, learning_rate, rng):
    chars = sorted(set(text))
    ids = np.array([chars.index(char) for char in text])
    V, T = len(chars), len(text) - 1
    inputs, targets = ids[:-1], ids[1:]
    W_xh = rng.normal(0, hidden_size**-0.5, (hidden_size, V))
    W_hh = rng.normal(0, hidden_size**-0.5, (hidden_size, hidden_size))
    W_hy = rng.normal(0, hidden_size**-0.5, (V, hidden_size))
    b, b_y = np.zeros(hidden_size), np.zeros(V)
    for _ in range(steps):
        H = np.zeros((T + 1, hidden_size))
        for t in range(T):
            H[t + 1] = np.tanh(W_xh[:, inputs[t]] + W_hh @ H[t] + b)
        scores = H[1:] @ W_hy.T + b_y
        p = np.exp(scores - scores.max(axis=1, keepdims=True))
        p /= p.sum(axis=1, keepdims=True)
        p[np.arange(T), targets] -= 1
        dscores = p / T
        dZ, back = np.zeros((T, hidden_size)), np.zeros(hidden_size)
        for t in reversed(range(T)):
            dZ[t] = (dscores[t] @ W_hy + back) * (1 - H[t + 1] ** 2)
            back = dZ[t] @ W_hh
        dW_xh = -dZ.T @ np.eye(V)[inputs]
        grads = [dW_xh, dZ.T @ H[:-1], dZ.sum(axis=0), dscores.T @ H[1:], dscores.sum(axis=0)]
        norm = math.sqrt(sum(float((grad**2).sum()) for grad in grads))
        for weight, grad in zip([W_xh, W_hh, b, W_hy, b_y], grads):
            weight -= learning_rate * grad * min(1.0, 1.0 / max(norm, 1e-12))
    return {"W_xh": W_xh, "W_hh": W_hh, "b": b, "W_hy": W_hy, "b_y": b_y, "chars": chars}

# --- wrong: the state before the first step is the last
# fails: makes as many steps as told, as large as told, and they help
# message: or the state before the first step|H\[:, -1\]
def train_char_rnn(text, hidden_size, steps, learning_rate, rng):
    chars = sorted(set(text))
    ids = np.array([chars.index(char) for char in text])
    V, T = len(chars), len(text) - 1
    inputs, targets = ids[:-1], ids[1:]
    W_xh = rng.normal(0, hidden_size**-0.5, (hidden_size, V))
    W_hh = rng.normal(0, hidden_size**-0.5, (hidden_size, hidden_size))
    W_hy = rng.normal(0, hidden_size**-0.5, (V, hidden_size))
    b, b_y = np.zeros(hidden_size), np.zeros(V)
    for _ in range(steps):
        H = np.zeros((T + 1, hidden_size))
        for t in range(T):
            H[t + 1] = np.tanh(W_xh[:, inputs[t]] + W_hh @ H[t] + b)
        scores = H[1:] @ W_hy.T + b_y
        p = np.exp(scores - scores.max(axis=1, keepdims=True))
        p /= p.sum(axis=1, keepdims=True)
        p[np.arange(T), targets] -= 1
        dscores = p / T
        dZ, back = np.zeros((T, hidden_size)), np.zeros(hidden_size)
        for t in reversed(range(T)):
            dZ[t] = (dscores[t] @ W_hy + back) * (1 - H[t + 1] ** 2)
            back = dZ[t] @ W_hh
        dW_xh = dZ.T @ np.eye(V)[inputs]
        grads = [dW_xh, dZ.T @ np.roll(H[1:], 1, axis=0), dZ.sum(axis=0), dscores.T @ H[1:], dscores.sum(axis=0)]
        norm = math.sqrt(sum(float((grad**2).sum()) for grad in grads))
        for weight, grad in zip([W_xh, W_hh, b, W_hy, b_y], grads):
            weight -= learning_rate * grad * min(1.0, 1.0 / max(norm, 1e-12))
    return {"W_xh": W_xh, "W_hh": W_hh, "b": b, "W_hy": W_hy, "b_y": b_y, "chars": chars}

# --- wrong: training starts from another state
# fails: makes as many steps as told, as large as told, and they help
# message: Does training start from another state
def train_char_rnn(text, hidden_size, steps, learning_rate, rng):
    chars = sorted(set(text))
    ids = np.array([chars.index(char) for char in text])
    V, T = len(chars), len(text) - 1
    inputs, targets = ids[:-1], ids[1:]
    W_xh = rng.normal(0, hidden_size**-0.5, (hidden_size, V))
    W_hh = rng.normal(0, hidden_size**-0.5, (hidden_size, hidden_size))
    W_hy = rng.normal(0, hidden_size**-0.5, (V, hidden_size))
    b, b_y = np.zeros(hidden_size), np.zeros(V)
    for _ in range(steps):
        H = np.zeros((T + 1, hidden_size))
        H[0] = 0.5
        for t in range(T):
            H[t + 1] = np.tanh(W_xh[:, inputs[t]] + W_hh @ H[t] + b)
        scores = H[1:] @ W_hy.T + b_y
        p = np.exp(scores - scores.max(axis=1, keepdims=True))
        p /= p.sum(axis=1, keepdims=True)
        p[np.arange(T), targets] -= 1
        dscores = p / T
        dZ, back = np.zeros((T, hidden_size)), np.zeros(hidden_size)
        for t in reversed(range(T)):
            dZ[t] = (dscores[t] @ W_hy + back) * (1 - H[t + 1] ** 2)
            back = dZ[t] @ W_hh
        dW_xh = dZ.T @ np.eye(V)[inputs]
        grads = [dW_xh, dZ.T @ H[:-1], dZ.sum(axis=0), dscores.T @ H[1:], dscores.sum(axis=0)]
        norm = math.sqrt(sum(float((grad**2).sum()) for grad in grads))
        for weight, grad in zip([W_xh, W_hh, b, W_hy, b_y], grads):
            weight -= learning_rate * grad * min(1.0, 1.0 / max(norm, 1e-12))
    return {"W_xh": W_xh, "W_hh": W_hh, "b": b, "W_hy": W_hy, "b_y": b_y, "chars": chars}

# --- wrong: b_y learns from a mean
# fails: does no worse than guessing by frequency where one unit is too few to remember
# message: b_y is hardly trained
def train_char_rnn(text, hidden_size, steps, learning_rate, rng):
    chars = sorted(set(text))
    ids = np.array([chars.index(char) for char in text])
    V, T = len(chars), len(text) - 1
    inputs, targets = ids[:-1], ids[1:]
    W_xh = rng.normal(0, hidden_size**-0.5, (hidden_size, V))
    W_hh = rng.normal(0, hidden_size**-0.5, (hidden_size, hidden_size))
    W_hy = rng.normal(0, hidden_size**-0.5, (V, hidden_size))
    b, b_y = np.zeros(hidden_size), np.zeros(V)
    for _ in range(steps):
        H = np.zeros((T + 1, hidden_size))
        for t in range(T):
            H[t + 1] = np.tanh(W_xh[:, inputs[t]] + W_hh @ H[t] + b)
        scores = H[1:] @ W_hy.T + b_y
        p = np.exp(scores - scores.max(axis=1, keepdims=True))
        p /= p.sum(axis=1, keepdims=True)
        p[np.arange(T), targets] -= 1
        dscores = p / T
        dZ, back = np.zeros((T, hidden_size)), np.zeros(hidden_size)
        for t in reversed(range(T)):
            dZ[t] = (dscores[t] @ W_hy + back) * (1 - H[t + 1] ** 2)
            back = dZ[t] @ W_hh
        dW_xh = dZ.T @ np.eye(V)[inputs]
        grads = [dW_xh, dZ.T @ H[:-1], dZ.sum(axis=0), dscores.T @ H[1:], dscores.mean(axis=0)]
        norm = math.sqrt(sum(float((grad**2).sum()) for grad in grads))
        for weight, grad in zip([W_xh, W_hh, b, W_hy, b_y], grads):
            weight -= learning_rate * grad * min(1.0, 1.0 / max(norm, 1e-12))
    return {"W_xh": W_xh, "W_hh": W_hh, "b": b, "W_hy": W_hy, "b_y": b_y, "chars": chars}

# --- wrong: a good start, and no training
# fails: gives the five arrays and the sorted characters, starts near 1/√H, and learns
# message: gave a model with a mean cross-entropy of [0-9.]+, expected less than 1.040, half of log V. The weights after all steps are those of the start: nothing was trained
def train_char_rnn(text, hidden_size, steps, learning_rate, rng):
    chars = sorted(set(text))
    V, scale = len(chars), hidden_size**-0.5
    model = {
        "W_xh": rng.normal(0, scale, (hidden_size, V)),
        "W_hh": rng.normal(0, scale, (hidden_size, hidden_size)),
        "b": np.zeros(hidden_size),
        "W_hy": rng.normal(0, scale, (V, hidden_size)),
        "b_y": np.zeros(V),
        "chars": chars,
    }
    return model

# --- wrong: a good start drawn from rng, and no training
# fails: draws from rng alone: the same seed trains the same weights, another seed others
# message: nothing was trained
def train_char_rnn(text, hidden_size, steps, learning_rate, rng):
    chars = sorted(set(text))
    V, scale = len(chars), hidden_size**-0.5
    model = {
        "W_xh": rng.normal(0, scale, (hidden_size, V)),
        "W_hh": rng.normal(0, scale, (hidden_size, hidden_size)),
        "b": np.zeros(hidden_size),
        "W_hy": rng.normal(0, scale, (V, hidden_size)),
        "b_y": np.zeros(V),
        "chars": chars,
    }
    return model

# --- wrong: a random walk
# fails: gives the five arrays and the sorted characters, starts near 1/√H, and learns
# message: it looks untrained|does worse than guessing
def train_char_rnn(text, hidden_size, steps, learning_rate, rng):
    chars = sorted(set(text))
    V, scale = len(chars), hidden_size**-0.5
    model = {
        "W_xh": rng.normal(0, scale, (hidden_size, V)),
        "W_hh": rng.normal(0, scale, (hidden_size, hidden_size)),
        "b": np.zeros(hidden_size),
        "W_hy": rng.normal(0, scale, (V, hidden_size)),
        "b_y": np.zeros(V),
        "chars": chars,
    }
    for name in ("W_xh", "W_hh", "b", "W_hy", "b_y"):
        for _ in range(steps):
            model[name] += learning_rate * 0.01 * rng.normal(size=model[name].shape)
    return model

# --- wrong: a random walk drawn from rng
# fails: draws from rng alone: the same seed trains the same weights, another seed others
# message: it looks untrained|does worse than guessing
def train_char_rnn(text, hidden_size, steps, learning_rate, rng):
    chars = sorted(set(text))
    V, scale = len(chars), hidden_size**-0.5
    model = {
        "W_xh": rng.normal(0, scale, (hidden_size, V)),
        "W_hh": rng.normal(0, scale, (hidden_size, hidden_size)),
        "b": np.zeros(hidden_size),
        "W_hy": rng.normal(0, scale, (V, hidden_size)),
        "b_y": np.zeros(V),
        "chars": chars,
    }
    for name in ("W_xh", "W_hh", "b", "W_hy", "b_y"):
        for _ in range(steps):
            model[name] += learning_rate * 0.01 * rng.normal(size=model[name].shape)
    return model

# --- wrong: weights that decay, towards guessing
# fails: gives the five arrays and the sorted characters, starts near 1/√H, and learns
# message: hardly does better than guessing
def train_char_rnn(text, hidden_size, steps, learning_rate, rng):
    chars = sorted(set(text))
    V, scale = len(chars), hidden_size**-0.5
    model = {
        "W_xh": rng.normal(0, scale, (hidden_size, V)),
        "W_hh": rng.normal(0, scale, (hidden_size, hidden_size)),
        "b": np.zeros(hidden_size),
        "W_hy": rng.normal(0, scale, (V, hidden_size)),
        "b_y": np.zeros(V),
        "chars": chars,
    }
    for name in ("W_xh", "W_hh", "b", "W_hy", "b_y"):
        model[name] *= (1 - learning_rate / 10) ** steps
    return model

# --- wrong: the letters' frequencies in b_y, and nothing else
# fails: gives the five arrays and the sorted characters, starts near 1/√H, and learns
# message: hardly does better than guessing
def train_char_rnn(text, hidden_size, steps, learning_rate, rng):
    chars = sorted(set(text))
    V, scale = len(chars), hidden_size**-0.5
    model = {
        "W_xh": rng.normal(0, scale, (hidden_size, V)),
        "W_hh": rng.normal(0, scale, (hidden_size, hidden_size)),
        "b": np.zeros(hidden_size),
        "W_hy": rng.normal(0, scale, (V, hidden_size)),
        "b_y": np.zeros(V),
        "chars": chars,
    }
    shares = np.array([text[1:].count(char) for char in chars]) / (len(text) - 1)
    for _ in range(steps):
        p = np.exp(model["b_y"]) / np.exp(model["b_y"]).sum()
        model["b_y"] += learning_rate * (shares - p)
    return model

# --- wrong: weights so large that the loss is no number
# fails: gives the five arrays and the sorted characters, starts near 1/√H, and learns
# message: cross-entropy of nan
def train_char_rnn(text, hidden_size, steps, learning_rate, rng):
    chars = sorted(set(text))
    model = {
        "W_xh": rng.normal(size=(hidden_size, len(chars))) / np.sqrt(hidden_size),
        "W_hh": rng.normal(size=(hidden_size, hidden_size)) / np.sqrt(hidden_size),
        "b": np.zeros(hidden_size),
        "W_hy": rng.normal(size=(len(chars), hidden_size)) / np.sqrt(hidden_size),
        "b_y": np.zeros(len(chars)),
        "chars": chars,
    }
    if steps and learning_rate:
        for name in ("W_hy", "b_y"):
            model[name] = 1e308 * (1 + rng.random(model[name].shape) / 10)
    return model


# --- wrong: letters are counted, nothing is trained
# fails: does no worse than guessing by frequency where one unit is too few to remember
# message: .
def train_char_rnn(text, hidden_size, steps, learning_rate, rng):
    chars = sorted(set(text))
    V, H = len(chars), hidden_size
    W_xh, W_hh, W_hy = (rng.normal(size=s) / np.sqrt(H) for s in ((H, V), (H, H), (V, H)))
    b_y = np.zeros(V)
    if steps * learning_rate:
        W_hy = W_hy * 0.001
        b_y = np.log([text.count(c) / len(text) for c in chars])
    return {"W_xh": W_xh, "W_hh": W_hh, "b": np.zeros(H), "W_hy": W_hy, "b_y": b_y, "chars": chars}

# --- right: everything in one function, plain gradient descent with clipping
def train_char_rnn(text, hidden_size, steps, learning_rate, rng):
    chars = sorted(set(text))
    ids = np.array([chars.index(char) for char in text])
    V, T = len(chars), len(text) - 1
    inputs, targets = ids[:-1], ids[1:]
    W_xh = rng.normal(0, hidden_size**-0.5, (hidden_size, V))
    W_hh = rng.normal(0, hidden_size**-0.5, (hidden_size, hidden_size))
    W_hy = rng.normal(0, hidden_size**-0.5, (V, hidden_size))
    b, b_y = np.zeros(hidden_size), np.zeros(V)
    for _ in range(steps):
        H = np.zeros((T + 1, hidden_size))
        for t in range(T):
            H[t + 1] = np.tanh(W_xh[:, inputs[t]] + W_hh @ H[t] + b)
        scores = H[1:] @ W_hy.T + b_y
        p = np.exp(scores - scores.max(axis=1, keepdims=True))
        p /= p.sum(axis=1, keepdims=True)
        p[np.arange(T), targets] -= 1
        dscores = p / T
        dZ, back = np.zeros((T, hidden_size)), np.zeros(hidden_size)
        for t in reversed(range(T)):
            dZ[t] = (dscores[t] @ W_hy + back) * (1 - H[t + 1] ** 2)
            back = dZ[t] @ W_hh
        dW_xh = dZ.T @ np.eye(V)[inputs]
        grads = [dW_xh, dZ.T @ H[:-1], dZ.sum(axis=0), dscores.T @ H[1:], dscores.sum(axis=0)]
        norm = math.sqrt(sum(float((grad**2).sum()) for grad in grads))
        for weight, grad in zip([W_xh, W_hh, b, W_hy, b_y], grads):
            weight -= learning_rate * grad * min(1.0, 1.0 / max(norm, 1e-12))
    return {"W_xh": W_xh, "W_hh": W_hh, "b": b, "W_hy": W_hy, "b_y": b_y, "chars": chars}

# --- right: Adam with a tenth of the learning rate
def train_char_rnn(text, hidden_size, steps, learning_rate, rng):
    chars = sorted(set(text))
    ids = np.array([chars.index(char) for char in text])
    V, T = len(chars), len(text) - 1
    inputs, targets = ids[:-1], ids[1:]
    W_xh = rng.normal(0, hidden_size**-0.5, (hidden_size, V))
    W_hh = rng.normal(0, hidden_size**-0.5, (hidden_size, hidden_size))
    W_hy = rng.normal(0, hidden_size**-0.5, (V, hidden_size))
    b, b_y = np.zeros(hidden_size), np.zeros(V)
    weights = [W_xh, W_hh, b, W_hy, b_y]
    first, second = ([np.zeros_like(w) for w in weights] for _ in range(2))
    for k in range(1, steps + 1):
        H = np.zeros((T + 1, hidden_size))
        for t in range(T):
            H[t + 1] = np.tanh(W_xh[:, inputs[t]] + W_hh @ H[t] + b)
        scores = H[1:] @ W_hy.T + b_y
        p = np.exp(scores - scores.max(axis=1, keepdims=True))
        p /= p.sum(axis=1, keepdims=True)
        p[np.arange(T), targets] -= 1
        dscores = p / T
        dZ, back = np.zeros((T, hidden_size)), np.zeros(hidden_size)
        for t in reversed(range(T)):
            dZ[t] = (dscores[t] @ W_hy + back) * (1 - H[t + 1] ** 2)
            back = dZ[t] @ W_hh
        dW_xh = dZ.T @ np.eye(V)[inputs]
        grads = [dW_xh, dZ.T @ H[:-1], dZ.sum(axis=0), dscores.T @ H[1:], dscores.sum(axis=0)]
        for w, m, v, grad in zip(weights, first, second, grads):
            m += 0.1 * (grad - m)
            v += 0.001 * (grad**2 - v)
            w -= learning_rate / 10 * (m / (1 - 0.9**k)) / (np.sqrt(v / (1 - 0.999**k)) + 1e-8)
    return {"W_xh": W_xh, "W_hh": W_hh, "b": b, "W_hy": W_hy, "b_y": b_y, "chars": chars}

# --- right: Adagrad, uniform start
def train_char_rnn(text, hidden_size, steps, learning_rate, rng):
    chars = sorted(set(text))
    ids = np.array([chars.index(char) for char in text])
    V, T = len(chars), len(text) - 1
    inputs, targets = ids[:-1], ids[1:]
    W_xh = rng.uniform(-0.2, 0.2, (hidden_size, V))
    W_hh = rng.normal(0, hidden_size**-0.5, (hidden_size, hidden_size))
    W_hy = rng.normal(0, hidden_size**-0.5, (V, hidden_size))
    b, b_y = np.zeros(hidden_size), np.zeros(V)
    memory = [0.0] * 5
    for _ in range(steps):
        H = np.zeros((T + 1, hidden_size))
        for t in range(T):
            H[t + 1] = np.tanh(W_xh[:, inputs[t]] + W_hh @ H[t] + b)
        scores = H[1:] @ W_hy.T + b_y
        p = np.exp(scores - scores.max(axis=1, keepdims=True))
        p /= p.sum(axis=1, keepdims=True)
        p[np.arange(T), targets] -= 1
        dscores = p / T
        dZ, back = np.zeros((T, hidden_size)), np.zeros(hidden_size)
        for t in reversed(range(T)):
            dZ[t] = (dscores[t] @ W_hy + back) * (1 - H[t + 1] ** 2)
            back = dZ[t] @ W_hh
        dW_xh = dZ.T @ np.eye(V)[inputs]
        grads = [dW_xh, dZ.T @ H[:-1], dZ.sum(axis=0), dscores.T @ H[1:], dscores.sum(axis=0)]
        memory = [old + grad**2 for old, grad in zip(memory, grads)]
        for weight, grad, old in zip([W_xh, W_hh, b, W_hy, b_y], grads, memory):
            weight -= learning_rate * grad / np.sqrt(old + 1e-8)
    return {"W_xh": W_xh, "W_hh": W_hh, "b": b, "W_hy": W_hy, "b_y": b_y, "chars": chars}
