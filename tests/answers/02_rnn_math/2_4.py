# --- wrong: the state goes back instead of the output
# fails: sends the output back, starting from zero
# message: the state goes back through W_oh
def output_recurrence(X, W_xh, W_ho, W_oh, b_h, b_o):
    h = np.zeros((len(X), len(b_h)))
    outputs = []
    for t in range(X.shape[1]):
        h = np.tanh(X[:, t] @ W_xh.T + h @ W_oh.T + b_h)
        outputs.append(h @ W_ho.T + b_o)
    return np.stack(outputs, axis=1)

# --- wrong: the first output is taken for the bias
# fails: sends the output back, starting from zero
# message: o_0 is b_o
def output_recurrence(X, W_xh, W_ho, W_oh, b_h, b_o):
    o = np.tile(b_o, (len(X), 1))
    outputs = []
    for t in range(X.shape[1]):
        o = np.tanh(X[:, t] @ W_xh.T + o @ W_oh.T + b_h) @ W_ho.T + b_o
        outputs.append(o)
    return np.stack(outputs, axis=1)

# --- wrong: the output is squashed too
# fails: sends the output back, starting from zero
# message: there is a tanh on the output
def output_recurrence(X, W_xh, W_ho, W_oh, b_h, b_o):
    o = np.zeros((len(X), len(b_o)))
    outputs = []
    for t in range(X.shape[1]):
        h = np.tanh(X[:, t] @ W_xh.T + o @ W_oh.T + b_h)
        o = np.tanh(h @ W_ho.T + b_o)
        outputs.append(o)
    return np.stack(outputs, axis=1)

# --- wrong: the output is squashed on its way back
# fails: sends the output back, starting from zero
# message: goes back through a tanh
def output_recurrence(X, W_xh, W_ho, W_oh, b_h, b_o):
    o = np.zeros((len(X), len(b_o)))
    outputs = []
    for t in range(X.shape[1]):
        h = np.tanh(X[:, t] @ W_xh.T + np.tanh(o) @ W_oh.T + b_h)
        o = h @ W_ho.T + b_o
        outputs.append(o)
    return np.stack(outputs, axis=1)

# --- wrong: nothing goes back
# fails: sends the output back, starting from zero
# message: nothing goes back
def output_recurrence(X, W_xh, W_ho, W_oh, b_h, b_o):
    return np.tanh(X @ W_xh.T + b_h) @ W_ho.T + b_o

# --- wrong: the two matrices changed places, which runs where H equals O
# fails: uses the right matrix the right way round where every one of them would fit
# message: W_ho and W_oh changed places
def output_recurrence(X, W_xh, W_ho, W_oh, b_h, b_o):
    if W_ho.shape == W_oh.shape:
        W_ho, W_oh = W_oh, W_ho
    o = np.zeros((len(X), len(b_o)))
    outputs = []
    for t in range(X.shape[1]):
        h = np.tanh(X[:, t] @ W_xh.T + o @ W_oh.T + b_h)
        o = h @ W_ho.T + b_o
        outputs.append(o)
    return np.stack(outputs, axis=1)

# --- wrong: matrices taken as (from, to)
# fails: gives (B, T, O) where outputs are wider or narrower than the state
# message: raised ValueError
def output_recurrence(X, W_xh, W_ho, W_oh, b_h, b_o):
    o = np.zeros((len(X), len(b_o)))
    outputs = []
    for t in range(X.shape[1]):
        h = np.tanh(X[:, t] @ W_xh.T + o @ W_oh + b_h)
        o = h @ W_ho + b_o
        outputs.append(o)
    return np.stack(outputs, axis=1)

# --- wrong: the bias of the output does not go back
# fails: sends the output back, starting from zero
# message: goes back without its bias
def output_recurrence(X, W_xh, W_ho, W_oh, b_h, b_o):
    o = np.zeros((len(X), len(b_o)))
    outputs = []
    for t in range(X.shape[1]):
        h = np.tanh(X[:, t] @ W_xh.T + o @ W_oh.T + b_h)
        o = h @ W_ho.T
        outputs.append(o + b_o)
    return np.stack(outputs, axis=1)

# --- wrong: the bias of the output is forgotten
# fails: gives (B, T, O) where outputs are wider or narrower than the state
# message: .
def output_recurrence(X, W_xh, W_ho, W_oh, b_h, b_o):
    o = np.zeros((len(X), len(b_o)))
    outputs = []
    for t in range(X.shape[1]):
        h = np.tanh(X[:, t] @ W_xh.T + o @ W_oh.T + b_h)
        o = h @ W_ho.T
        outputs.append(o)
    return np.stack(outputs, axis=1)

# --- wrong: gives the states
# fails: gives (B, T, O) where outputs are wider or narrower than the state
# message: output for every step of every row
def output_recurrence(X, W_xh, W_ho, W_oh, b_h, b_o):
    o = np.zeros((len(X), len(b_o)))
    states = []
    for t in range(X.shape[1]):
        h = np.tanh(X[:, t] @ W_xh.T + o @ W_oh.T + b_h)
        o = h @ W_ho.T + b_o
        states.append(h)
    return np.stack(states, axis=1)

# --- right: row by row, with columns
def output_recurrence(X, W_xh, W_ho, W_oh, b_h, b_o):
    Y = np.zeros(X.shape[:2] + b_o.shape)
    for i in range(X.shape[0]):
        o = 0 * b_o
        for t in range(X.shape[1]):
            o = b_o + W_ho @ np.tanh(W_xh @ X[i, t] + W_oh @ o + b_h)
            Y[i, t] = o
    return Y

# --- right: the outputs hold the past
def output_recurrence(X, W_xh, W_ho, W_oh, b_h, b_o):
    net = np.einsum("btd,hd->tbh", X, W_xh) + b_h
    outputs = [np.zeros((X.shape[0], W_oh.shape[1]))]
    for z in net:
        outputs.append(np.tanh(z + np.dot(outputs[-1], W_oh.T)) @ W_ho.T + b_o)
    return np.array(outputs[1:]).transpose(1, 0, 2)
