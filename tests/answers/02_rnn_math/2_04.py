# --- wrong: the state goes back instead of the output
# fails: sends the output back, starting from zero
# message: the state goes back through W_oh
#-    o = np.zeros((X.shape[0], W_ho.shape[0]))  # (B, O)
#+    h = np.zeros((X.shape[0], len(b_h)))
#
#-        h = np.tanh(X[:, t] @ W_xh.T + o @ W_oh.T + b_h)  # (B, H)
#+        h = np.tanh(X[:, t] @ W_xh.T + h @ W_oh.T + b_h)

# --- wrong: the first output is taken for the bias
# fails: sends the output back, starting from zero
# message: o_0 is b_o
#-    o = np.zeros((X.shape[0], W_ho.shape[0]))  # (B, O)
#+    o = np.tile(b_o, (X.shape[0], 1))

# --- wrong: the output is squashed too
# fails: sends the output back, starting from zero
# message: there is a tanh on the output
#-        o = h @ W_ho.T + b_o  # (B, O)
#+        o = np.tanh(h @ W_ho.T + b_o)

# --- wrong: the output is squashed on its way back
# fails: sends the output back, starting from zero
# message: goes back through a tanh
#-        h = np.tanh(X[:, t] @ W_xh.T + o @ W_oh.T + b_h)  # (B, H)
#+        h = np.tanh(X[:, t] @ W_xh.T + np.tanh(o) @ W_oh.T + b_h)

# --- wrong: nothing goes back
# fails: sends the output back, starting from zero
# message: nothing goes back
#-        h = np.tanh(X[:, t] @ W_xh.T + o @ W_oh.T + b_h)  # (B, H)
#+        h = np.tanh(X[:, t] @ W_xh.T + b_h)

# --- wrong: the two matrices changed places, which runs where H equals O
# fails: keeps the laws
# message: W_ho and W_oh changed places
#=def output_recurrence(X, W_xh, W_ho, W_oh, b_h, b_o):
#+    if W_ho.shape == W_oh.shape:
#+        W_ho, W_oh = W_oh, W_ho

# --- wrong: matrices taken as (from, to)
# fails: gives (B, T, O) where outputs are wider or narrower than the state
# message: raised ValueError
#-        h = np.tanh(X[:, t] @ W_xh.T + o @ W_oh.T + b_h)  # (B, H)
#-        o = h @ W_ho.T + b_o  # (B, O)
#+        h = np.tanh(X[:, t] @ W_xh.T + o @ W_oh + b_h)
#+        o = h @ W_ho + b_o

# --- wrong: the bias of the output does not go back
# fails: sends the output back, starting from zero
# message: goes back without its bias
#-        o = h @ W_ho.T + b_o  # (B, O)
#-        outputs.append(o)
#+        o = h @ W_ho.T
#+        outputs.append(o + b_o)

# --- wrong: the bias of the output is forgotten
# fails: gives (B, T, O) where outputs are wider or narrower than the state
# message: .
#-        o = h @ W_ho.T + b_o  # (B, O)
#+        o = h @ W_ho.T

# --- wrong: gives the states
# fails: gives (B, T, O) where outputs are wider or narrower than the state
# message: output for every step of every row
#-        outputs.append(o)
#+        outputs.append(h)

# --- wrong: one buffer for all results
# fails: keeps the laws
# message: What the first call returned changed
#+BUFFERS = {}
#+
#=def output_recurrence(X, W_xh, W_ho, W_oh, b_h, b_o):
#
#-    return np.stack(outputs, axis=1)  # (B, T, O)
#+    shape = (*X.shape[:2], len(b_o))
#+    return np.stack(outputs, axis=1, out=BUFFERS.setdefault(shape, np.zeros(shape)))

# --- wrong: square matrices the wrong way round
# fails: keeps the laws
# message: W_ho was not transposed
#-        o = h @ W_ho.T + b_o  # (B, O)
#+        o = h @ (W_ho if W_ho.shape == W_oh.shape else W_ho.T) + b_o

# --- wrong: outputs are cut, so that nothing explodes
# fails: keeps the laws
# message: largest values that the statement allows
#-        o = h @ W_ho.T + b_o  # (B, O)
#+        o = np.clip(h @ W_ho.T + b_o, -30, 30)

# --- wrong: a long text goes on where the last one ended
# fails: keeps the laws
# message: here steps is 1100
#-    o = np.zeros((X.shape[0], W_ho.shape[0]))  # (B, O)
#+    last, size = globals().setdefault("last", {}), (X.shape[0], W_ho.shape[0])
#+    o = last.get(size, np.zeros(size)) if X.shape[1] > 50 else np.zeros(size)
#
#-    return np.stack(outputs, axis=1)  # (B, T, O)
#+    last[size] = o
#+    return np.stack(outputs, axis=1)

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
