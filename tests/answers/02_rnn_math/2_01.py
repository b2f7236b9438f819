# --- wrong: W_hh is not transposed, which runs because it is square
# fails: computes a step of one unit, and of a batch with matrices the right way round
# message: looks like W_hh was not transposed
#-    return np.tanh(x @ W_xh.T + h @ W_hh.T + b)  # (B, H)
#+    return np.tanh(x @ W_xh.T + h @ W_hh + b)

# --- wrong: W_xh is not transposed
# fails: computes a step of one unit, and of a batch with matrices the right way round
# message: raised ValueError.*mismatch
#-    return np.tanh(x @ W_xh.T + h @ W_hh.T + b)  # (B, H)
#+    return np.tanh(x @ W_xh + h @ W_hh.T + b)

# --- wrong: the bias is forgotten
# fails: computes a step of one unit, and of a batch with matrices the right way round
# message: looks like the bias b is missing
#-    return np.tanh(x @ W_xh.T + h @ W_hh.T + b)  # (B, H)
#+    return np.tanh(x @ W_xh.T + h @ W_hh.T)

# --- wrong: the logistic function, between 0 and 1
# fails: computes a step of one unit, and of a batch with matrices the right way round
# message: squashing function is the logistic
#-    return np.tanh(x @ W_xh.T + h @ W_hh.T + b)  # (B, H)
#+    return 1 / (1 + np.exp(-(x @ W_xh.T + h @ W_hh.T + b)))

# --- wrong: no squashing at all
# fails: computes a step of one unit, and of a batch with matrices the right way round
# message: looks like tanh is missing
#-    return np.tanh(x @ W_xh.T + h @ W_hh.T + b)  # (B, H)
#+    return x @ W_xh.T + h @ W_hh.T + b

# --- wrong: the state is added after tanh
# fails: computes a step of one unit, and of a batch with matrices the right way round
# message: Row i of the result is tanh
#-    return np.tanh(x @ W_xh.T + h @ W_hh.T + b)  # (B, H)
#+    return np.tanh(x @ W_xh.T + b) + h @ W_hh.T

# --- wrong: the two matrices changed places, which runs where D equals H
# fails: computes a step of one unit, and of a batch with matrices the right way round
# message: raised
#-    return np.tanh(x @ W_xh.T + h @ W_hh.T + b)  # (B, H)
#+    return np.tanh(x @ W_hh.T + h @ W_xh.T + b)

# --- wrong: writes the new state into the old one
# fails: keeps the laws
# message: caller's h was changed
#-    return np.tanh(x @ W_xh.T + h @ W_hh.T + b)  # (B, H)
#+    h[:] = np.tanh(x @ W_xh.T + h @ W_hh.T + b)
#+    return h

# --- wrong: computes in the whole numbers of a one-hot input
# fails: keeps the laws
# message: Whole numbers are numbers too: here x
#-    return np.tanh(x @ W_xh.T + h @ W_hh.T + b)  # (B, H)
#+    return np.tanh((x @ W_xh.T + h @ W_hh.T + b).astype(x.dtype))

# --- wrong: float32 on the way
# fails: computes a step of one unit, and of a batch with matrices the right way round
# message: has to be float64
#-    return np.tanh(x @ W_xh.T + h @ W_hh.T + b)  # (B, H)
#+    return np.tanh(x @ W_xh.T + h @ W_hh.T + b).astype(np.float32)

# --- wrong: nothing is returned
# fails: computes a step of one unit, and of a batch with matrices the right way round
# message: gave the state None
#-    return np.tanh(x @ W_xh.T + h @ W_hh.T + b)  # (B, H)
#+    np.tanh(x @ W_xh.T + h @ W_hh.T + b)

# --- wrong: torch's own step
# fails: computes a step of one unit, and of a batch with matrices the right way round
# message: write this one yourself
def rnn_step(x, h, W_xh, W_hh, b):
    x, h, W_xh, W_hh, b = (torch.tensor(a, dtype=torch.float64) for a in (x, h, W_xh, W_hh, b))
    return torch.rnn_tanh_cell(x, h, W_xh, W_hh, b, torch.zeros_like(b)).numpy()

# --- wrong: Keras's own cell, by a private path
# fails: computes a step of one unit, and of a batch with matrices the right way round
# message: write this one yourself
def rnn_step(x, h, W_xh, W_hh, b):
    from keras.src.layers.rnn.simple_rnn import SimpleRNNCell

    cell = SimpleRNNCell(len(b), dtype="float64")
    cell.build((None, x.shape[1]))
    cell.set_weights([W_xh.T, W_hh.T, b])
    return np.array(cell(x, [h])[0])

# --- wrong: an earlier result changes with the next call
# fails: keeps the laws
# message: What the first call returned changed
#+BUFFERS = {}
#+
#=def rnn_step(x, h, W_xh, W_hh, b):
#-    return np.tanh(x @ W_xh.T + h @ W_hh.T + b)  # (B, H)
#+    out = BUFFERS.setdefault(h.shape, np.empty(h.shape))
#+    out[...] = np.tanh(x @ W_xh.T + h @ W_hh.T + b)
#+    return out

# --- wrong: reads eight rows of a batch
# fails: keeps the laws
# message: any size: here batch is 300
#-    return np.tanh(x @ W_xh.T + h @ W_hh.T + b)  # (B, H)
#+    return np.tanh(x[:8] @ W_xh.T + h[:8] @ W_hh.T + b)

# --- wrong: tanh by exponentials that overflow
# fails: keeps the laws
# message: infinity divided by infinity is nan
#-    return np.tanh(x @ W_xh.T + h @ W_hh.T + b)  # (B, H)
#+    e = np.exp(2 * (x @ W_xh.T + h @ W_hh.T + b))
#+    return (e - 1) / (e + 1)

# --- wrong: the new states in the dtype of the old ones
# fails: keeps the laws
# message: here h is of an integer dtype
#-    return np.tanh(x @ W_xh.T + h @ W_hh.T + b)  # (B, H)
#+    new = np.zeros_like(h)
#+    new[:] = np.tanh(x @ W_xh.T + h @ W_hh.T + b)
#+    return new

# --- wrong: a row of zeros is taken for padding
# fails: computes a step of one unit, and of a batch with matrices the right way round
# message: Row i of the result
#-    return np.tanh(x @ W_xh.T + h @ W_hh.T + b)  # (B, H)
#+    new = np.tanh(x @ W_xh.T + h @ W_hh.T + b)
#+    return np.where(x.any(axis=1)[:, None], new, h)

# --- right: columns, as in the equation
def rnn_step(x, h, W_xh, W_hh, b):
    return np.tanh(W_xh @ x.T + W_hh @ h.T + b[:, None]).T

# --- right: one matrix for input, state and bias together
def rnn_step(x, h, W_xh, W_hh, b):
    weights = np.concatenate([W_xh, W_hh, b[:, None]], axis=1)
    inputs = np.concatenate([x, h, np.ones((len(x), 1))], axis=1)
    return np.tanh(np.einsum("hk,bk->bh", weights, inputs))

# --- right: row by row, tanh by its formula
def rnn_step(x, h, W_xh, W_hh, b):
    rows = []
    for x_i, h_i in zip(x, h):
        z = W_xh.dot(x_i) + W_hh.dot(h_i) + b
        rows.append(1 - 2 / (np.exp(2 * z) + 1))
    return np.array(rows)
