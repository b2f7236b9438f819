# --- wrong: time first
# fails: carries h and c through a small batch, from the given start
# message: time came first
#-    return np.stack(states, axis=1), (h, c)  # (B, T, H)
#+    return np.stack(states), (h, c)

# --- wrong: every step starts from the first cell state
# fails: takes three steps that can be followed by hand
# message: every step starts from c0
#-        h, c = lstm_step(X[:, t], h, c, W, U, b)
#+        h, c = lstm_step(X[:, t], h, c0, W, U, b)

# --- wrong: every step starts from the first hidden state
# fails: carries h and c through a small batch, from the given start
# message: every step starts from h0
#-        h, c = lstm_step(X[:, t], h, c, W, U, b)
#+        h, c = lstm_step(X[:, t], h0, c, W, U, b)

# --- wrong: collects the cell states
# fails: takes three steps that can be followed by hand
# message: the cell states were collected
#-        states.append(h)
#+        states.append(c)

# --- wrong: starts from zeros whatever it is given
# fails: carries h and c through a small batch, from the given start
# message: zeros were taken in the place of h0 and c0
#-    h, c = h0, c0  # (B, H)
#+    h, c = np.zeros_like(h0), np.zeros_like(c0)

# --- wrong: last states in the other order
# fails: takes three steps that can be followed by hand
# message: the pair \(h, c\) after the last step, h first
#-    return np.stack(states, axis=1), (h, c)  # (B, T, H)
#+    return np.stack(states, axis=1), (c, h)

# --- wrong: three results instead of two
# fails: takes three steps that can be followed by hand
# message: The result has 2 parts
#-    return np.stack(states, axis=1), (h, c)  # (B, T, H)
#+    return np.stack(states, axis=1), h, c

# --- wrong: the states are collected in float32
# fails: takes three steps that can be followed by hand
# message: gave H of dtype float32, expected float64
#-    return np.stack(states, axis=1), (h, c)  # (B, T, H)
#+    return np.stack(states, axis=1).astype(np.float32), (h, c)

# --- wrong: the last pair is float32
# fails: takes three steps that can be followed by hand
# message: gave h of dtype float32, expected float64
#-    return np.stack(states, axis=1), (h, c)  # (B, T, H)
#+    return np.stack(states, axis=1), (h.astype(np.float32), c.astype(np.float32))

# --- wrong: the state is collected before the step
# fails: carries h and c through a small batch, from the given start
# message: h was collected before each step
#-        h, c = lstm_step(X[:, t], h, c, W, U, b)
#-        states.append(h)
#+        states.append(h)
#+        h, c = lstm_step(X[:, t], h, c, W, U, b)

# --- wrong: h0 is among the states
# fails: takes three steps that can be followed by hand
# message: one state too many
#-    states = []
#+    states = [h0]

# --- wrong: time last
# fails: takes three steps that can be followed by hand
# message: time came last
#-    return np.stack(states, axis=1), (h, c)  # (B, T, H)
#+    return np.stack(states, axis=-1), (h, c)

# --- wrong: the last pair has nn.LSTM's axis for layers
# fails: takes three steps that can be followed by hand
# message: nn.LSTM gives them one axis more
#-    return np.stack(states, axis=1), (h, c)  # (B, T, H)
#+    return np.stack(states, axis=1), (h[None], c[None])

# --- wrong: calls nn.LSTM
# fails: takes three steps that can be followed by hand
# message: write this one yourself
def lstm_forward(X, h0, c0, W, U, b):
    layer = nn.LSTM(X.shape[2], h0.shape[1], batch_first=True).double()
    with torch.no_grad():
        values = (W, U, b, np.zeros_like(b))
        for parameter, value in zip(layer.parameters(), values, strict=True):
            parameter.copy_(torch.from_numpy(value))
        start = torch.from_numpy(h0)[None], torch.from_numpy(c0)[None]
        H, (h, c) = layer(torch.from_numpy(X), start)
    return H.numpy(), (h[0].numpy(), c[0].numpy())

# --- wrong: calls a layer that was made before the checks look
# fails: carries h and c through a small batch, from the given start
# message: write this one yourself
LAYER = nn.LSTM(1, 1, batch_first=True).double()


def lstm_forward(X, h0, c0, W, U, b):
    LAYER.input_size, LAYER.hidden_size = X.shape[2], h0.shape[1]
    for parameter, value in zip(LAYER.parameters(), (W, U, b, np.zeros_like(b)), strict=True):
        parameter.data = torch.from_numpy(value)
    with torch.no_grad():
        start = torch.from_numpy(h0)[None], torch.from_numpy(c0)[None]
        H, (h, c) = LAYER(torch.from_numpy(X), start)
    return H.numpy(), (h[0].numpy(), c[0].numpy())

# --- wrong: calls what nn.LSTM calls
# fails: takes three steps that can be followed by hand
# message: write this one yourself
def lstm_forward(X, h0, c0, W, U, b):
    X, h, c, *weights = map(torch.from_numpy, (X, h0, c0, W, U, b, np.zeros_like(b)))
    H, h, c = torch.lstm(X, (h[None], c[None]), weights, True, 1, 0.0, False, False, True)
    return H.numpy(), (h[0].numpy(), c[0].numpy())

# --- wrong: Keras's own layer, by a private path
# fails: carries h and c through a small batch, from the given start
# message: write this one yourself
def lstm_forward(X, h0, c0, W, U, b):
    import keras.src.layers.rnn.lstm as inner

    layer = inner.LSTM(
        h0.shape[1], return_sequences=True, return_state=True, dtype="float64"
    )
    layer.build(X.shape)
    layer.set_weights([W.T, U.T, b])
    H, h, c = layer(X, initial_state=[h0, c0])
    return np.array(H), (np.array(h), np.array(c))

# --- wrong: the state is wiped after 30 steps
# fails: keeps the laws
# message: any size: here steps is 600
#-        h, c = lstm_step(X[:, t], h, c, W, U, b)
#+        h, c = lstm_step(X[:, t], h if t < 30 else 0 * h, c, W, U, b)

# --- wrong: the caller's first cell state is written over
# fails: keeps the laws
# message: The caller's c0 was changed
#-    return np.stack(states, axis=1), (h, c)  # (B, T, H)
#+    c0[...] = c
#+    return np.stack(states, axis=1), (h, c)

# --- wrong: one array for the last states of all calls
# fails: keeps the laws
# message: What the first call returned changed
#+LAST = {}
#+
#+
#=def lstm_forward(X, h0, c0, W, U, b):
#
#-    return np.stack(states, axis=1), (h, c)  # (B, T, H)
#+    last = LAST.setdefault(h.shape, (np.empty(h.shape), np.empty(h.shape)))
#+    last[0][...], last[1][...] = h, c
#+    return np.stack(states, axis=1), last

# --- wrong: stops when the state stands still
# fails: carries h and c through a small batch, from the given start
# message: The first step is right, a later one is not
#=        h, c = lstm_step(X[:, t], h, c, W, U, b)
#=        states.append(h)
#+        if t and np.array_equal(states[-1], states[-2]):
#+            states += [h] * (X.shape[1] - 1 - t)
#+            break

# --- wrong: the states are as whole as the arguments
# fails: keeps the laws
# message: here each of X, h0, c0, W, U, b is of an integer dtype
#-    states = []
#+    H = np.empty((*X.shape[:2], h0.shape[1]), np.result_type(X, h0, c0, W, U, b))
#
#-        states.append(h)
#-    return np.stack(states, axis=1), (h, c)  # (B, T, H)
#+        H[:, t] = h
#+    return H, (h, c)

# --- wrong: the cell state is kept within bounds
# fails: keeps the laws
# message: It has to hold up to the largest values
#=        h, c = lstm_step(X[:, t], h, c, W, U, b)
#+        c = np.clip(c, -50, 50)

# --- right: one product with all inputs before the loop, states written into an array
def lstm_forward(X, h0, c0, W, U, b):
    batch, steps, _ = X.shape
    size = h0.shape[1]
    from_x = X @ W.T + b
    H, C = np.empty((batch, steps, size)), np.empty((batch, steps, size))
    for t in range(steps):
        h, c = (h0, c0) if t == 0 else (H[:, t - 1], C[:, t - 1])
        a = from_x[:, t] + h @ U.T
        i, f, o = (1 / (1 + np.exp(-a[:, k * size : (k + 1) * size])) for k in (0, 1, 3))
        C[:, t] = f * c + i * np.tanh(a[:, 2 * size : 3 * size])
        H[:, t] = o * np.tanh(C[:, t])
    return H, (H[:, -1], C[:, -1])

# --- right: a loop over time-major inputs, results in a list
def lstm_forward(X, h0, c0, W, U, b):
    h, c, states = h0.copy(), c0.copy(), []
    for x in X.transpose(1, 0, 2):
        i, f, g, o = np.hsplit(x @ W.T + h @ U.T + b, 4)
        i, f, o = (0.5 + 0.5 * np.tanh(gate / 2) for gate in (i, f, o))
        c = f * c + i * np.tanh(g)
        h = o * np.tanh(c)
        states.append(h)
    return [np.array(states).transpose(1, 0, 2), [h, c]]
