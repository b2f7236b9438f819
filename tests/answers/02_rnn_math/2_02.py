# --- wrong: the state is never carried on
# fails: carries the state from step to step
# message: every step starts from h0
#-        h = rnn_step(X[:, t], h, W_xh, W_hh, b)
#+        h = rnn_step(X[:, t], h0, W_xh, W_hh, b)

# --- wrong: starts from zeros instead of h0
# fails: starts from h0 and keeps the axes (B, T, H)
# message: starts from zeros instead of h0
#-    h = h0  # (B, H)
#+    h = np.zeros_like(h0)

# --- wrong: time comes first
# fails: carries the state from step to step
# message: looks like time came first
#-    return np.stack(states, axis=1)  # (B, T, H)
#+    return np.stack(states)

# --- wrong: gives the last state alone
# fails: carries the state from step to step
# message: last state came back alone
#-    return np.stack(states, axis=1)  # (B, T, H)
#+    return h

# --- wrong: h0 is part of the result
# fails: carries the state from step to step
# message: h0 came back too
#-    states = []
#+    states = [h0]

# --- wrong: takes the batch for time
# fails: starts from h0 and keeps the axes (B, T, H)
# message: .
#-    for t in range(X.shape[1]):
#-        h = rnn_step(X[:, t], h, W_xh, W_hh, b)
#+    for x in X:
#+        h = rnn_step(x, h, W_xh, W_hh, b)
#
#-    return np.stack(states, axis=1)  # (B, T, H)
#+    return np.stack(states, axis=0)

# --- wrong: W_hh is not transposed
# fails: starts from h0 and keeps the axes (B, T, H)
# message: W_hh was not transposed
#-        h = rnn_step(X[:, t], h, W_xh, W_hh, b)
#+        h = rnn_step(X[:, t], h, W_xh, W_hh.T, b)

# --- wrong: reads from the end
# fails: starts from h0 and keeps the axes (B, T, H)
# message: read from its end
#-    for t in range(X.shape[1]):
#+    for t in reversed(range(X.shape[1])):
#
#-    return np.stack(states, axis=1)  # (B, T, H)
#+    return np.stack(states[::-1], axis=1)

# --- wrong: states in the dtype of the input, cut to whole numbers
# fails: keeps the laws
# message: Whole numbers are numbers too: here X
#-    return np.stack(states, axis=1)  # (B, T, H)
#+    return np.stack(states, axis=1).astype(X.dtype)

# --- wrong: h0 is overwritten on the way
# fails: keeps the laws
# message: caller's h0 was changed
#-        h = rnn_step(X[:, t], h, W_xh, W_hh, b)
#-        states.append(h)
#+        h[:] = rnn_step(X[:, t], h, W_xh, W_hh, b)
#+        states.append(h.copy())

# --- wrong: every entry of the list is the same array
# fails: carries the state from step to step
# message: H\[:, t\] is tanh
#-    h = h0  # (B, H)
#+    h = h0.copy()
#
#-        h = rnn_step(X[:, t], h, W_xh, W_hh, b)
#+        h[:] = rnn_step(X[:, t], h, W_xh, W_hh, b)

# --- wrong: a layer of Keras, by a private path
# fails: starts from h0 and keeps the axes (B, T, H)
# message: write this one yourself
def rnn_forward(X, h0, W_xh, W_hh, b):
    from keras.src.layers.rnn.simple_rnn import SimpleRNN

    layer = SimpleRNN(len(b), return_sequences=True, dtype="float64")
    layer.build(X.shape)
    layer.set_weights([W_xh.T, W_hh.T, b])
    return np.array(layer(X, initial_state=h0))

# --- wrong: reads ten steps
# fails: keeps the laws
# message: any size: here steps is 1100
#-    states = []
#-    for t in range(X.shape[1]):
#+    states = [np.zeros_like(h0)] * X.shape[1]
#+    for t in range(min(X.shape[1], 10)):
#
#-        states.append(h)
#+        states[t] = h

# --- wrong: no number where a sum is beyond 355
# fails: keeps the laws
# message: up to the largest values
#-        h = rnn_step(X[:, t], h, W_xh, W_hh, b)
#+        e = np.exp(2 * (X[:, t] @ W_xh.T + h @ W_hh.T + b))
#+        h = (e - 1) / (e + 1)

# --- wrong: 64 sweeps over all steps at once, which a short memory does not tell from the loop
# fails: keeps the laws
# message: any size: here steps is 1100
def rnn_forward(X, h0, W_xh, W_hh, b):
    Z = X @ W_xh.T + b
    H = np.zeros(Z.shape)
    for _ in range(min(X.shape[1], 64)):
        before = np.concatenate([h0[:, None], H[:, :-1]], axis=1)
        H = np.tanh(Z + before @ W_hh.T)
    return H

# --- wrong: ends once the state has settled
# fails: keeps the laws
# message: largest values that the statement allows
#-        states.append(h)
#+        if states and np.allclose(h, states[-1], rtol=0, atol=1e-10):
#+            states += [h] * (X.shape[1] - t)
#+            break
#+        states.append(h)

# --- wrong: a layer of torch with the weights that were given
# fails: carries the state from step to step
# message: write this one yourself
def rnn_forward(X, h0, W_xh, W_hh, b):
    net = nn.RNN(W_xh.shape[1], len(b), batch_first=True, dtype=torch.float64)
    with torch.no_grad():
        for p, w in zip(net.parameters(), (W_xh, W_hh, b, np.zeros(len(b)))):
            p.copy_(torch.tensor(np.array(w, dtype=float)))
        return net(torch.tensor(X), torch.tensor(h0)[None])[0].numpy()

# --- right: all inputs are multiplied at once, the loop keeps the recurrent part
def rnn_forward(X, h0, W_xh, W_hh, b):
    net = X @ W_xh.T + b
    H = np.empty(net.shape)
    for t in range(net.shape[1]):
        before = h0 if t == 0 else H[:, t - 1]
        H[:, t] = np.tanh(net[:, t] + before @ W_hh.T)
    return H

# --- right: row by row, then stacked
def rnn_forward(X, h0, W_xh, W_hh, b):
    rows = []
    for sequence, h in zip(X, h0):
        states = []
        for x in sequence:
            h = np.tanh(W_xh @ x + W_hh @ h + b)
            states.append(h)
        rows.append(states)
    return np.array(rows)

# --- right: a step of its own, accumulated over time first
def rnn_forward(X, h0, W_xh, W_hh, b):
    from itertools import accumulate

    def step(h, x):
        return np.tanh(x @ W_xh.T + h @ W_hh.T + b)

    states = list(accumulate(np.swapaxes(X, 0, 1), step, initial=h0))
    return np.swapaxes(np.array(states[1:]), 0, 1)
