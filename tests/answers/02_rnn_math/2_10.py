# --- wrong: the seed's network, weights at 0.01 and never trained
# fails: writes "hello world" from memory
# message: nothing was trained. The start of W_xh is too small
#-    scale = 1 / np.sqrt(hidden_size)
#+    scale = 0.01
#
#-    for _ in range(steps):
#+    for _ in range(0):

# --- wrong: learns to repeat what it reads
# fails: writes "hello world" from memory
# message: predicts the character that it has just read
#-    targets = ids[None, 1:]  # (1, T): … and what follows it
#+    targets = ids[None, :-1]

# --- wrong: uphill
# fails: writes "hello world" from memory
# message: does worse than guessing
#-            weight -= learning_rate * grad
#+            weight += learning_rate * grad

# --- wrong: a bigram table: the state is never carried on
# fails: writes "hello world" from memory
# message: a state that is not carried on
#-        H = rnn_forward(X, h0, W_xh, W_hh, b)  # (1, T, H)
#+        H = rnn_forward(X, h0, W_xh, 0 * W_hh, b)

# --- wrong: a bigram table: the state is not carried on, nor any gradient
# fails: writes "hello world" from memory
# message: trained without carrying the state on
#-        H = rnn_forward(X, h0, W_xh, W_hh, b)  # (1, T, H)
#+        H = rnn_forward(X, h0, W_xh, 0 * W_hh, b)
#
#-        _, _, dW_xh, dW_hh, db = rnn_backward(X, h0, W_xh, W_hh, b, H, dlogits @ W_hy)
#+        _, _, dW_xh, dW_hh, db = rnn_backward(X, h0, W_xh, 0 * W_hh, b, H, dlogits @ W_hy)

# --- wrong: trains the biases alone
# fails: writes "hello world" from memory
# message: learned something|hardly does better
#-        for weight, grad in zip([W_xh, W_hh, b, W_hy, b_y], grads, strict=True):
#+        for weight, grad in zip([b, b_y], [grads[2], grads[4]], strict=True):

# --- wrong: the characters in the order of a set
# fails: gives the five arrays and the sorted characters, starts near 1/√H, and learns
# message: sorted list of the distinct characters
#-    chars = sorted(set(text))
#+    chars = sorted(set(text))[::-1]

# --- wrong: draws from NumPy's global generator
# fails: draws from rng alone, trains as told and downhill, and learns frequencies with one unit
# message: draw every random number from rng
#-    W_xh = rng.normal(0, scale, (hidden_size, len(chars)))
#+    W_xh = np.random.normal(0, scale, (hidden_size, len(chars)))

# --- wrong: a generator of its own
# fails: draws from rng alone: the same seed trains the same weights, another seed others
# message: not from a generator of your own
#=
#+    rng = np.random.default_rng(0)
#=    scale = 1 / np.sqrt(hidden_size)

# --- wrong: starts from zeros
# fails: draws from rng alone: the same seed trains the same weights, another seed others
# message: not as zeros
#-    scale = 1 / np.sqrt(hidden_size)
#+    scale = 0.0

# --- wrong: steps is ignored
# fails: makes as many steps as told, as large as told, and they help
# message: Neither steps=0 nor learning_rate=0
#-    for _ in range(steps):
#+    for _ in range(300):

# --- wrong: the learning rate is ignored
# fails: draws from rng alone, trains as told and downhill, and learns frequencies with one unit
# message: Neither steps=0 nor learning_rate=0
#-            weight -= learning_rate * grad
#+            weight -= 0.1 * grad

# --- wrong: b_y is left out of the scores in training
# fails: does no worse than guessing by frequency where one unit is too few to remember
# message: bias b_y
#-        _, dlogits = softmax_cross_entropy(H @ W_hy.T + b_y, targets, mask)  # (1, T, V)
#+        _, dlogits = softmax_cross_entropy(H @ W_hy.T, targets, mask)

# --- wrong: b_y gets the sum over everything, which is zero
# fails: makes as many steps as told, as large as told, and they help
# message: b_y is not trained
#-        dW_hy, db_y = dlogits[0].T @ H[0], dlogits[0].sum(axis=0)
#+        dW_hy, db_y = dlogits[0].T @ H[0], dlogits[0].sum()

# --- wrong: input weights as (from, to)
# fails: gives the five arrays and the sorted characters, starts near 1/√H, and learns
# message: W \(to, from\)
#-    return {"W_xh": W_xh, "W_hh": W_hh, "b": b, "W_hy": W_hy, "b_y": b_y, "chars": chars}
#+    return {"W_xh": W_xh.T, "W_hh": W_hh, "b": b, "W_hy": W_hy, "b_y": b_y, "chars": chars}

# --- wrong: a tuple instead of a dict
# fails: gives the five arrays and the sorted characters, starts near 1/√H, and learns
# message: exactly the keys
#-    return {"W_xh": W_xh, "W_hh": W_hh, "b": b, "W_hy": W_hy, "b_y": b_y, "chars": chars}
#+    return W_xh, W_hh, b, W_hy, b_y, chars

# --- wrong: starts with a state of ones in training
# fails: writes a sentence in which the last few characters do not tell the next
# message: .
#-    h0 = np.zeros((1, hidden_size))
#+    h0 = np.ones((1, hidden_size))

# --- wrong: a start of 0.01, as the seed's, and trained
# fails: gives the five arrays and the sorted characters, starts near 1/√H, and learns
# message: start of W_xh is too small
#-    scale = 1 / np.sqrt(hidden_size)
#+    scale = 0.01

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
#-    W_xh = rng.normal(0, scale, (hidden_size, len(chars)))
#+    W_xh = np.full((hidden_size, len(chars)), scale)

# --- wrong: one step fewer than told
# fails: makes as many steps as told, as large as told, and they help
# message: one step is one update
#-    for _ in range(steps):
#+    for _ in range(steps - 1):

# --- wrong: W_xh goes uphill
# fails: trains all five arrays with the gradient of the whole text, back through all its steps
# message: does not move W_xh downhill
#-        grads, _ = clip_by_global_norm([dW_xh, dW_hh, db, dW_hy, db_y], max_norm=1.0)
#+        grads, _ = clip_by_global_norm([-dW_xh, dW_hh, db, dW_hy, db_y], max_norm=1.0)

# --- wrong: the state before the first step is the last
# fails: makes as many steps as told, as large as told, and they help
# message: or the state before the first step|H\[:, -1\]
#-        _, _, dW_xh, dW_hh, db = rnn_backward(X, h0, W_xh, W_hh, b, H, dlogits @ W_hy)
#+        _, _, dW_xh, dW_hh, db = rnn_backward(X, H[:, -1], W_xh, W_hh, b, H, dlogits @ W_hy)

# --- wrong: training starts from another state
# fails: makes as many steps as told, as large as told, and they help
# message: Does training start from another state
#-    h0 = np.zeros((1, hidden_size))
#+    h0 = np.full((1, hidden_size), 0.5)

# --- wrong: b_y learns from a mean
# fails: does no worse than guessing by frequency where one unit is too few to remember
# message: b_y is hardly trained
#-        dW_hy, db_y = dlogits[0].T @ H[0], dlogits[0].sum(axis=0)
#+        dW_hy, db_y = dlogits[0].T @ H[0], dlogits[0].mean(axis=0)

# --- wrong: a good start, and no training
# fails: gives the five arrays and the sorted characters, starts near 1/√H, and learns
# message: gave a model with a mean cross-entropy of [0-9.]+, expected less than 1.040, half of log V. The weights after all steps are those of the start: nothing was trained
#-    for _ in range(steps):
#+    for _ in range(0):

# --- wrong: a good start drawn from rng, and no training
# fails: draws from rng alone: the same seed trains the same weights, another seed others
# message: nothing was trained
#-    for _ in range(steps):
#+    for _ in range(0):

# --- wrong: a random walk
# fails: gives the five arrays and the sorted characters, starts near 1/√H, and learns
# message: it looks untrained|does worse than guessing
#-        H = rnn_forward(X, h0, W_xh, W_hh, b)  # (1, T, H)
#-        _, dlogits = softmax_cross_entropy(H @ W_hy.T + b_y, targets, mask)  # (1, T, V)
#-        _, _, dW_xh, dW_hh, db = rnn_backward(X, h0, W_xh, W_hh, b, H, dlogits @ W_hy)
#-        dW_hy, db_y = dlogits[0].T @ H[0], dlogits[0].sum(axis=0)
#-        grads, _ = clip_by_global_norm([dW_xh, dW_hh, db, dW_hy, db_y], max_norm=1.0)
#-        for weight, grad in zip([W_xh, W_hh, b, W_hy, b_y], grads, strict=True):
#-            weight -= learning_rate * grad
#+        for weight in [W_xh, W_hh, b, W_hy, b_y]:
#+            weight += learning_rate * 0.01 * rng.normal(size=weight.shape)

# --- wrong: a random walk drawn from rng
# fails: draws from rng alone: the same seed trains the same weights, another seed others
# message: it looks untrained|does worse than guessing
#-        H = rnn_forward(X, h0, W_xh, W_hh, b)  # (1, T, H)
#-        _, dlogits = softmax_cross_entropy(H @ W_hy.T + b_y, targets, mask)  # (1, T, V)
#-        _, _, dW_xh, dW_hh, db = rnn_backward(X, h0, W_xh, W_hh, b, H, dlogits @ W_hy)
#-        dW_hy, db_y = dlogits[0].T @ H[0], dlogits[0].sum(axis=0)
#-        grads, _ = clip_by_global_norm([dW_xh, dW_hh, db, dW_hy, db_y], max_norm=1.0)
#-        for weight, grad in zip([W_xh, W_hh, b, W_hy, b_y], grads, strict=True):
#-            weight -= learning_rate * grad
#+        for weight in [W_xh, W_hh, b, W_hy, b_y]:
#+            weight += learning_rate * 0.01 * rng.normal(size=weight.shape)

# --- wrong: weights that decay, towards guessing
# fails: gives the five arrays and the sorted characters, starts near 1/√H, and learns
# message: hardly does better than guessing
#-        H = rnn_forward(X, h0, W_xh, W_hh, b)  # (1, T, H)
#-        _, dlogits = softmax_cross_entropy(H @ W_hy.T + b_y, targets, mask)  # (1, T, V)
#-        _, _, dW_xh, dW_hh, db = rnn_backward(X, h0, W_xh, W_hh, b, H, dlogits @ W_hy)
#-        dW_hy, db_y = dlogits[0].T @ H[0], dlogits[0].sum(axis=0)
#-        grads, _ = clip_by_global_norm([dW_xh, dW_hh, db, dW_hy, db_y], max_norm=1.0)
#-        for weight, grad in zip([W_xh, W_hh, b, W_hy, b_y], grads, strict=True):
#-            weight -= learning_rate * grad
#+        for weight in [W_xh, W_hh, b, W_hy, b_y]:
#+            weight *= 1 - learning_rate / 10

# --- wrong: the letters' frequencies in b_y, and nothing else
# fails: gives the five arrays and the sorted characters, starts near 1/√H, and learns
# message: hardly does better than guessing
#+    shares = np.array([text[1:].count(char) for char in chars]) / (len(text) - 1)
#=    for _ in range(steps):
#-        H = rnn_forward(X, h0, W_xh, W_hh, b)  # (1, T, H)
#-        _, dlogits = softmax_cross_entropy(H @ W_hy.T + b_y, targets, mask)  # (1, T, V)
#-        _, _, dW_xh, dW_hh, db = rnn_backward(X, h0, W_xh, W_hh, b, H, dlogits @ W_hy)
#-        dW_hy, db_y = dlogits[0].T @ H[0], dlogits[0].sum(axis=0)
#-        grads, _ = clip_by_global_norm([dW_xh, dW_hh, db, dW_hy, db_y], max_norm=1.0)
#-        for weight, grad in zip([W_xh, W_hh, b, W_hy, b_y], grads, strict=True):
#-            weight -= learning_rate * grad
#+        b_y += learning_rate * (shares - np.exp(b_y) / np.exp(b_y).sum())

# --- wrong: weights so large that the loss is no number
# fails: gives the five arrays and the sorted characters, starts near 1/√H, and learns
# message: cross-entropy of nan
#-    for _ in range(steps):
#+    for _ in range(0):
#
#=            weight -= learning_rate * grad
#+    if steps and learning_rate:
#+        W_hy, b_y = (1e308 * (1 + rng.random(weight.shape) / 10) for weight in (W_hy, b_y))

# --- wrong: letters are counted, nothing is trained
# fails: does no worse than guessing by frequency where one unit is too few to remember
# message: .
#-    for _ in range(steps):
#+    for _ in range(0):
#
#=            weight -= learning_rate * grad
#+    if steps * learning_rate:
#+        W_hy = W_hy * 0.001
#+        b_y = np.log([text.count(char) / len(text) for char in chars])

# --- wrong: the gradient is cut after one step
# fails: trains all five arrays with the gradient of the whole text, back through all its steps
# message: cut after one step
#-        _, _, dW_xh, dW_hh, db = rnn_backward(X, h0, W_xh, W_hh, b, H, dlogits @ W_hy)
#+        delta = (dlogits @ W_hy * (1 - H**2))[0]
#+        dW_xh, dW_hh, db = delta.T @ X[0], delta[1:].T @ H[0, :-1], delta.sum(axis=0)

# --- wrong: the gradient is cut after one step, seen by the hidden check
# fails: trains with the gradient of the whole text, however long, in every update
# message: ^It looks like the gradient is cut after one step
#-        _, _, dW_xh, dW_hh, db = rnn_backward(X, h0, W_xh, W_hh, b, H, dlogits @ W_hy)
#+        delta = (dlogits @ W_hy * (1 - H**2))[0]
#+        dW_xh, dW_hh, db = delta.T @ X[0], delta[1:].T @ H[0, :-1], delta.sum(axis=0)

# --- wrong: right in the first update, cut after one step in those after it
# fails: trains all five arrays with the gradient of the whole text, back through all its steps
# message: those after it do not
#-    for _ in range(steps):
#+    for step in range(steps):
#
#=        _, _, dW_xh, dW_hh, db = rnn_backward(X, h0, W_xh, W_hh, b, H, dlogits @ W_hy)
#+        if step > 0:
#+            delta = (dlogits @ W_hy * (1 - H**2))[0]
#+            dW_xh, dW_hh, db = delta.T @ X[0], delta[1:].T @ H[0, :-1], delta.sum(axis=0)

# --- wrong: right in twelve updates, cut after one step in those after them
# fails: trains with the gradient of the whole text, however long, in every update
# message: those after it do not
#-    for _ in range(steps):
#+    for step in range(steps):
#
#=        _, _, dW_xh, dW_hh, db = rnn_backward(X, h0, W_xh, W_hh, b, H, dlogits @ W_hy)
#+        if step > 12:
#+            delta = (dlogits @ W_hy * (1 - H**2))[0]
#+            dW_xh, dW_hh, db = delta.T @ X[0], delta[1:].T @ H[0, :-1], delta.sum(axis=0)

# --- wrong: the gradient is right for short texts, in pieces of 25 characters
# fails: trains all five arrays with the gradient of the whole text, back through all its steps
# message: not along the gradient of the whole text
#-        _, _, dW_xh, dW_hh, db = rnn_backward(X, h0, W_xh, W_hh, b, H, dlogits @ W_hy)
#+        dW_xh, dW_hh, db = 0, 0, 0
#+        for start in range(0, X.shape[1], 25):
#+            piece, before = slice(start, start + 25), H[:, start - 1] if start else h0
#+            grads = rnn_backward(
#+                X[:, piece], before, W_xh, W_hh, b, H[:, piece], dlogits[:, piece] @ W_hy
#+            )
#+            dW_xh, dW_hh, db = dW_xh + grads[2], dW_hh + grads[3], db + grads[4]

# --- wrong: the gradient in pieces of 25 characters, seen by the hidden check
# fails: trains with the gradient of the whole text, however long, in every update
# message: not along the gradient of the whole text
#-        _, _, dW_xh, dW_hh, db = rnn_backward(X, h0, W_xh, W_hh, b, H, dlogits @ W_hy)
#+        dW_xh, dW_hh, db = 0, 0, 0
#+        for start in range(0, X.shape[1], 25):
#+            piece, before = slice(start, start + 25), H[:, start - 1] if start else h0
#+            grads = rnn_backward(
#+                X[:, piece], before, W_xh, W_hh, b, H[:, piece], dlogits[:, piece] @ W_hy
#+            )
#+            dW_xh, dW_hh, db = dW_xh + grads[2], dW_hh + grads[3], db + grads[4]

# --- wrong: a random reservoir: only the output layer is trained
# fails: trains all five arrays with the gradient of the whole text, back through all its steps
# message: W_xh is not trained
#-        grads, _ = clip_by_global_norm([dW_xh, dW_hh, db, dW_hy, db_y], max_norm=1.0)
#+        grads, _ = clip_by_global_norm([0 * dW_xh, 0 * dW_hh, 0 * db, dW_hy, db_y], max_norm=1.0)

# --- wrong: a random reservoir, seen by the hidden check
# fails: trains with the gradient of the whole text, however long, in every update
# message: ^W_xh is not trained
#-        grads, _ = clip_by_global_norm([dW_xh, dW_hh, db, dW_hy, db_y], max_norm=1.0)
#+        grads, _ = clip_by_global_norm([0 * dW_xh, 0 * dW_hh, 0 * db, dW_hy, db_y], max_norm=1.0)

# --- wrong: a reservoir after the first update
# fails: trains all five arrays with the gradient of the whole text, back through all its steps
# message: After the first update W_xh hardly moves on
#-    for _ in range(steps):
#+    for step in range(steps):
#
#=        grads, _ = clip_by_global_norm([dW_xh, dW_hh, db, dW_hy, db_y], max_norm=1.0)
#+        grads = [(step < 1) * grad for grad in grads[:3]] + grads[3:]

# --- wrong: a random reservoir, and an output layer by least squares
# fails: trains all five arrays with the gradient of the whole text, back through all its steps
# message: W_xh is not trained
def train_char_rnn(text, hidden_size, steps, learning_rate, rng):
    chars = sorted(set(text))
    ids = np.array([chars.index(char) for char in text])
    scale = hidden_size**-0.5
    W_xh = rng.normal(0, scale, (hidden_size, len(chars)))
    W_hh = rng.normal(0, scale, (hidden_size, hidden_size))
    W_hy = rng.normal(0, scale, (len(chars), hidden_size))
    b, b_y = np.zeros(hidden_size), np.zeros(len(chars))
    if steps and learning_rate:
        H = np.zeros((len(ids), hidden_size))
        for t in range(1, len(ids)):
            H[t] = np.tanh(W_xh[:, ids[t - 1]] + W_hh @ H[t - 1] + b)
        states = np.column_stack([H[1:], np.ones(len(ids) - 1)])
        targets = min(steps / 10, 20) * np.eye(len(chars))[ids[1:]]
        readout = np.linalg.lstsq(states, targets, rcond=None)[0]
        W_hy, b_y = np.ascontiguousarray(readout[:-1].T), readout[-1]
    return {"W_xh": W_xh, "W_hh": W_hh, "b": b, "W_hy": W_hy, "b_y": b_y, "chars": chars}

# --- wrong: the learning rate only switches training on
# fails: trains all five arrays with the gradient of the whole text, back through all its steps
# message: A small learning rate makes small updates
#-            weight -= learning_rate * grad
#+            weight -= (learning_rate > 0) * 0.1 * grad

# --- wrong: uphill, along the way
# fails: trains with the gradient of the whole text, however long, in every update
# message: does not move W_xh downhill
#-            weight -= learning_rate * grad
#+            weight += learning_rate * grad

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

# --- right: momentum, a rate that falls, lists of states, no clipping
def train_char_rnn(text, hidden_size, steps, learning_rate, rng):
    chars = sorted(set(text))
    read, told = [chars.index(c) for c in text[:-1]], [chars.index(c) for c in text[1:]]
    shapes = [(hidden_size, len(chars)), (hidden_size, hidden_size), (len(chars), hidden_size)]
    W_xh, W_hh, W_hy = (rng.standard_normal(shape) / math.sqrt(hidden_size) for shape in shapes)
    b, b_y = np.zeros(hidden_size), np.zeros(len(chars))
    weights = W_xh, W_hh, b, W_hy, b_y
    speeds = [np.zeros_like(weight) for weight in weights]
    for step in range(steps):
        states, errors = [np.zeros(hidden_size)], []
        for i, j in zip(read, told):
            states.append(np.tanh(W_xh[:, i] + W_hh @ states[-1] + b))
            chances = np.exp(W_hy @ states[-1] + b_y)
            chances /= chances.sum()
            chances[j] -= 1
            errors.append(chances / len(told))
        dW_xh, dW_hh, db, dW_hy, db_y = grads = [np.zeros_like(weight) for weight in weights]
        back = np.zeros(hidden_size)
        for t in range(len(read) - 1, -1, -1):
            dW_hy += np.outer(errors[t], states[t + 1])
            db_y += errors[t]
            delta = (W_hy.T @ errors[t] + back) * (1 - states[t + 1] ** 2)
            dW_xh[:, read[t]] += delta
            dW_hh += np.outer(delta, states[t])
            db += delta
            back = W_hh.T @ delta
        rate = 0.5 * learning_rate * (1 + math.cos(math.pi * step / steps))
        for weight, speed, grad in zip(weights, speeds, grads):
            speed *= 0.9
            speed += grad
            weight -= rate * speed
    return dict(zip(["W_xh", "W_hh", "b", "W_hy", "b_y", "chars"], [*weights, chars]))

# --- right: the sum over the steps, clipped number by number, and RMSprop that warms up
def train_char_rnn(text, hidden_size, steps, learning_rate, rng):
    chars = sorted(set(text))
    ids = np.array([chars.index(char) for char in text])
    X, Y = np.eye(len(chars))[ids[:-1]], np.eye(len(chars))[ids[1:]]
    T, scale = len(X), math.sqrt(3 / hidden_size)
    p = {
        "W_xh": rng.uniform(-scale, scale, (hidden_size, len(chars))),
        "W_hh": np.linalg.qr(rng.normal(size=(hidden_size, hidden_size)))[0],
        "b": np.zeros(hidden_size),
        "W_hy": rng.uniform(-scale, scale, (len(chars), hidden_size)),
        "b_y": np.zeros(len(chars)),
    }
    squares = {name: np.zeros_like(value) for name, value in p.items()}
    for step in range(steps):
        H = np.zeros((T + 1, hidden_size))
        for t in range(T):
            H[t] = np.tanh(X[t] @ p["W_xh"].T + H[t - 1] @ p["W_hh"].T + p["b"])
        scores = H[:-1] @ p["W_hy"].T + p["b_y"]
        chances = np.exp(scores - scores.max(axis=1, keepdims=True))
        errors = chances / chances.sum(axis=1, keepdims=True) - Y
        dH = errors @ p["W_hy"]
        for t in range(T - 1, 0, -1):
            dH[t - 1] += (dH[t] * (1 - H[t] ** 2)) @ p["W_hh"]
        dZ = dH * (1 - H[:-1] ** 2)
        before = np.concatenate([np.zeros((1, hidden_size)), H[: T - 1]])
        grads = {
            "W_xh": dZ.T @ X,
            "W_hh": dZ.T @ before,
            "b": dZ.sum(axis=0),
            "W_hy": errors.T @ H[:-1],
            "b_y": errors.sum(axis=0),
        }
        rate = learning_rate / 30 * min(1, (step + 1) / 20)
        for name, grad in grads.items():
            grad = np.clip(grad, -5, 5)
            squares[name] = 0.9 * squares[name] + 0.1 * grad**2
            p[name] = p[name] - rate * grad / (np.sqrt(squares[name]) + 1e-8)
    return {**p, "chars": chars}
