# --- wrong: gates read as i, f, o, g
# fails: reads input, state and bias, and opens and closes each gate on its own
# message: in the order i, f, o, g
#-    i, f, g, o = np.split(x @ W.T + h @ U.T + b, 4, axis=1)  # (B, H) each
#+    i, f, o, g = np.split(x @ W.T + h @ U.T + b, 4, axis=1)

# --- wrong: the cell of 1997, without a forget gate
# fails: takes a step that can be followed by hand
# message: the forget gate is missing
#-    c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)  # (B, H)
#+    c = c + sigmoid(i) * np.tanh(g)

# --- wrong: the output gate shows the cell as it is
# fails: takes a step that can be followed by hand
# message: tanh is missing in the last line
#-    return sigmoid(o) * np.tanh(c), c
#+    return sigmoid(o) * c, c

# --- wrong: the candidate is squashed like a gate
# fails: reads input, state and bias, and opens and closes each gate on its own
# message: g went through σ
#-    c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)  # (B, H)
#+    c = sigmoid(f) * c + sigmoid(i) * sigmoid(g)

# --- wrong: shows the old cell state
# fails: reads input, state and bias, and opens and closes each gate on its own
# message: from the old c
#-    c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)  # (B, H)
#-    return sigmoid(o) * np.tanh(c), c
#+    return sigmoid(o) * np.tanh(c), sigmoid(f) * c + sigmoid(i) * np.tanh(g)

# --- wrong: cell state first
# fails: takes a step that can be followed by hand
# message: c and h changed places
#-    return sigmoid(o) * np.tanh(c), c
#+    return c, sigmoid(o) * np.tanh(c)

# --- wrong: forgets the bias
# fails: takes a step that can be followed by hand
# message: b is missing
#-    i, f, g, o = np.split(x @ W.T + h @ U.T + b, 4, axis=1)  # (B, H) each
#+    i, f, g, o = np.split(x @ W.T + h @ U.T, 4, axis=1)

# --- wrong: the caller's cell state is written over
# fails: keeps the laws
# message: The caller's c was changed
#-    c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)  # (B, H)
#+    c *= sigmoid(f)
#+    c += sigmoid(i) * np.tanh(g)

# --- wrong: a sigmoid that divides infinity by infinity
# fails: keeps the laws
# message: gave h .*nan.* up to the largest values
#=def lstm_step(x, h, c, W, U, b):
#+    def sigmoid(a):
#+        return np.exp(a) / (1 + np.exp(a))
#+

# --- wrong: works in float32
# fails: takes the same step as PyTorch
# message: compute in float64
#-    i, f, g, o = np.split(x @ W.T + h @ U.T + b, 4, axis=1)  # (B, H) each
#+    def sigmoid(a):  # the lesson's own goes back to float64
#+        return 1 / (1 + np.exp(-a))
#+
#+    a = (x @ W.T + h @ U.T + b).astype(np.float32)
#+    i, f, g, o = np.split(a, 4, axis=1)

# --- wrong: PyTorch's own step, by another door
# fails: takes a step that can be followed by hand
# message: write this one yourself
def lstm_step(x, h, c, W, U, b):
    x, h, c, W, U, b = map(torch.from_numpy, (x, h, c, W, U, b))
    h, c = torch._VF.lstm_cell(x, (h, c), W, U, b, torch.zeros_like(b))
    return h.numpy(), c.numpy()

# --- wrong: every fourth number belongs to one gate
# fails: reads input, state and bias, and opens and closes each gate on its own
# message: every fourth number was taken for a gate
#-    i, f, g, o = np.split(x @ W.T + h @ U.T + b, 4, axis=1)  # (B, H) each
#+    a = (x @ W.T + h @ U.T + b).reshape(len(x), -1, 4)
#+    i, f, g, o = (a[..., k] for k in range(4))

# --- wrong: the output gate is not squashed
# fails: takes a step that can be followed by hand
# message: c is right, h is not: .* o = σ\(a_o\)
#-    return sigmoid(o) * np.tanh(c), c
#+    return o * np.tanh(c), c

# --- wrong: Keras's own cell, by a private path
# fails: takes a step that can be followed by hand
# message: write this one yourself
def lstm_step(x, h, c, W, U, b):
    from keras.src.layers.rnn.lstm import LSTMCell

    cell = LSTMCell(h.shape[1], dtype="float64")
    cell.build((None, x.shape[1]))
    cell.set_weights([W.T, U.T, b])
    h, (_, c) = cell(x, [h, c])
    return np.array(h), np.array(c)

# --- wrong: Keras's own cell, put aside under another name
# fails: takes a step that can be followed by hand
# message: raised
KEPT = {"cell": keras.layers.LSTMCell}


def lstm_step(x, h, c, W, U, b):
    cell = KEPT["cell"](h.shape[1], dtype="float64")
    cell.build((None, x.shape[1]))
    cell.set_weights([W.T, U.T, b])
    h, (_, c) = cell(x, [h, c])
    return np.array(h), np.array(c)

# --- wrong: gates by their biases alone
# fails: reads input, state and bias, and opens and closes each gate on its own
# message: W x|U h|c' = f
#-    i, f, g, o = np.split(x @ W.T + h @ U.T + b, 4, axis=1)  # (B, H) each
#+    i, f, g, o = np.split(np.tile(b, (len(x), 1)), 4, axis=1)

# --- wrong: gates are open or shut, nothing between
# fails: takes any step, of any size, and keeps the laws
# message: c' = f∘c
#-    c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)  # (B, H)
#-    return sigmoid(o) * np.tanh(c), c
#+    c = (f > 0) * c + (i > 0) * np.sign(g)
#+    return (o > 0) * np.tanh(c), c

# --- wrong: one buffer for all results
# fails: keeps the laws
# message: What the first call returned changed
#+KEPT = {}
#+
#+
#=def lstm_step(x, h, c, W, U, b):
#
#-    return sigmoid(o) * np.tanh(c), c
#+    results = KEPT.setdefault(h.shape, (np.empty(h.shape), np.empty(h.shape)))
#+    results[0][...], results[1][...] = sigmoid(o) * np.tanh(c), c
#+    return results

# --- wrong: where nothing is erased and nothing written, the old cell state itself is returned
# fails: keeps the laws
# message: What a call returns is the caller's
#-    c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)  # (B, H)
#+    if (sigmoid(f) < 1).any() or (sigmoid(i) > 0).any():
#+        c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)

# --- wrong: remembers results by what the arguments hold
# fails: keeps the laws
# message: What a call returns is the caller's
#+KEPT = {}
#+
#+
#=def lstm_step(x, h, c, W, U, b):
#+    key = tuple((part.shape, part.astype(float).tobytes()) for part in (x, h, c, W, U, b))
#+    if key in KEPT:
#+        return KEPT[key]
#
#-    return sigmoid(o) * np.tanh(c), c
#+    KEPT[key] = sigmoid(o) * np.tanh(c), c
#+    return KEPT[key]

# --- wrong: in PyTorch, gate by gate
# fails: takes a step that can be followed by hand
# message: does not use torch.tensor
def lstm_step(x, h, c, W, U, b):
    x, h, c, W, U, b = (torch.tensor(np.array(part, float)) for part in (x, h, c, W, U, b))
    i, f, g, o = (x @ W.T + h @ U.T + b).chunk(4, dim=1)
    c = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(g)
    return (torch.sigmoid(o) * torch.tanh(c)).numpy(), c.numpy()

# --- right: a sigmoid that warns, and slices instead of a split
def lstm_step(x, h, c, W, U, b):
    size = h.shape[1]
    a = (W @ x.T + U @ h.T).T + b

    def gate(k):
        return 1.0 / (1.0 + np.exp(-a[:, k * size : (k + 1) * size]))

    candidate = np.tanh(a[:, 2 * size : 3 * size])
    c_new = gate(1) * c + gate(0) * candidate
    return gate(3) * np.tanh(c_new), c_new

# --- right: one matrix for input and state, as the papers write it, in a list
def lstm_step(x, h, c, W, U, b):
    joined = np.concatenate([h, x], axis=1) @ np.concatenate([U, W], axis=1).T + b
    blocks = joined.reshape(len(x), 4, -1)
    i, f, o = (0.5 + 0.5 * np.tanh(blocks[:, k] / 2) for k in (0, 1, 3))
    c = f * c + i * np.tanh(blocks[:, 2])
    return [o * np.tanh(c), c]

# --- right: row by row, unit by unit
def lstm_step(x, h, c, W, U, b):
    import math

    size = h.shape[1]
    new_h, new_c = np.zeros(h.shape), np.zeros(c.shape)
    for row in range(len(x)):
        a = W @ x[row] + U @ h[row] + b
        for k in range(size):
            i, f, o = (0.5 * (1 + math.tanh(a[q * size + k] / 2)) for q in (0, 1, 3))
            new_c[row, k] = f * c[row, k] + i * math.tanh(a[2 * size + k])
            new_h[row, k] = o * math.tanh(new_c[row, k])
    return new_h, new_c
