# --- wrong: nothing comes back from later steps
# fails: carries the gradient from step to step
# message: what comes back from later steps is dropped
def rnn_backward(X, h0, W_xh, W_hh, b, H, dH):
    before = np.concatenate([h0[:, None], H[:, :-1]], axis=1)
    dz = dH * (1 - H**2)
    dW_xh = np.einsum("bth,btd->hd", dz, X)
    dW_hh = np.einsum("bth,btk->hk", dz, before)
    return dz @ W_xh, dz[:, 0] @ W_hh, dW_xh, dW_hh, dz.sum(axis=(0, 1))

# --- wrong: what comes back takes the place of the step's own gradient
# fails: carries the gradient from step to step
# message: takes the place of dH
def rnn_backward(X, h0, W_xh, W_hh, b, H, dH):
    dX, dW_xh, dW_hh, db = (np.zeros_like(value) for value in (X, W_xh, W_hh, b))
    dh = dH[:, -1]
    for t in reversed(range(X.shape[1])):
        before = H[:, t - 1] if t > 0 else h0
        dz = dh * (1 - H[:, t] ** 2)
        dX[:, t] = dz @ W_xh
        dW_xh += dz.T @ X[:, t]
        dW_hh += dz.T @ before
        db += dz.sum(axis=0)
        dh = dz @ W_hh
    return dX, dh, dW_xh, dW_hh, db

# --- wrong: the slope of the logistic
# fails: goes back through one step
# message: the slope is h\(1 - h\)
def rnn_backward(X, h0, W_xh, W_hh, b, H, dH):
    dX, dW_xh, dW_hh, db = (np.zeros_like(value) for value in (X, W_xh, W_hh, b))
    dh = np.zeros_like(h0)
    for t in reversed(range(X.shape[1])):
        before = H[:, t - 1] if t > 0 else h0
        dz = (dH[:, t] + dh) * H[:, t] * (1 - H[:, t])
        dX[:, t] = dz @ W_xh
        dW_xh += dz.T @ X[:, t]
        dW_hh += dz.T @ before
        db += dz.sum(axis=0)
        dh = dz @ W_hh
    return dX, dh, dW_xh, dW_hh, db

# --- wrong: back through the transposed matrix
# fails: sums the weights' gradients over the batch, with the right shapes, of whole numbers too
# message: W_hh is the wrong way round on the way back
def rnn_backward(X, h0, W_xh, W_hh, b, H, dH):
    dX, dW_xh, dW_hh, db = (np.zeros_like(value) for value in (X, W_xh, W_hh, b))
    dh = np.zeros_like(h0)
    for t in reversed(range(X.shape[1])):
        before = H[:, t - 1] if t > 0 else h0
        dz = (dH[:, t] + dh) * (1 - H[:, t] ** 2)
        dX[:, t] = dz @ W_xh
        dW_xh += dz.T @ X[:, t]
        dW_hh += dz.T @ before
        db += dz.sum(axis=0)
        dh = dz @ W_hh.T
    return dX, dh, dW_xh, dW_hh, db

# --- wrong: before the first step stands the last state
# fails: sums the weights' gradients over the batch, with the right shapes, of whole numbers too
# message: H\[:, -1\] was taken
def rnn_backward(X, h0, W_xh, W_hh, b, H, dH):
    dX, dW_xh, dW_hh, db = (np.zeros_like(value) for value in (X, W_xh, W_hh, b))
    dh = np.zeros_like(h0)
    for t in reversed(range(X.shape[1])):
        dz = (dH[:, t] + dh) * (1 - H[:, t] ** 2)
        dX[:, t] = dz @ W_xh
        dW_xh += dz.T @ X[:, t]
        dW_hh += dz.T @ H[:, t - 1]
        db += dz.sum(axis=0)
        dh = dz @ W_hh
    return dX, dh, dW_xh, dW_hh, db

# --- wrong: dW_hh with the state after the step
# fails: carries the gradient from step to step
# message: state after the step was taken
def rnn_backward(X, h0, W_xh, W_hh, b, H, dH):
    dX, dW_xh, dW_hh, db = (np.zeros_like(value) for value in (X, W_xh, W_hh, b))
    dh = np.zeros_like(h0)
    for t in reversed(range(X.shape[1])):
        dz = (dH[:, t] + dh) * (1 - H[:, t] ** 2)
        dX[:, t] = dz @ W_xh
        dW_xh += dz.T @ X[:, t]
        dW_hh += dz.T @ H[:, t]
        db += dz.sum(axis=0)
        dh = dz @ W_hh
    return dX, dh, dW_xh, dW_hh, db

# --- wrong: h0 is left out of dW_hh
# fails: goes back through one step
# message: h0 is left out
def rnn_backward(X, h0, W_xh, W_hh, b, H, dH):
    dX, dW_xh, dW_hh, db = (np.zeros_like(value) for value in (X, W_xh, W_hh, b))
    dh = np.zeros_like(h0)
    for t in reversed(range(X.shape[1])):
        dz = (dH[:, t] + dh) * (1 - H[:, t] ** 2)
        dX[:, t] = dz @ W_xh
        dW_xh += dz.T @ X[:, t]
        if t > 0:
            dW_hh += dz.T @ H[:, t - 1]
        db += dz.sum(axis=0)
        dh = dz @ W_hh
    return dX, dh, dW_xh, dW_hh, db

# --- wrong: the slope at the state before
# fails: goes back through one step
# message: slope is taken at the state before the step
def rnn_backward(X, h0, W_xh, W_hh, b, H, dH):
    dX, dW_xh, dW_hh, db = (np.zeros_like(value) for value in (X, W_xh, W_hh, b))
    dh = np.zeros_like(h0)
    for t in reversed(range(X.shape[1])):
        before = H[:, t - 1] if t > 0 else h0
        dz = (dH[:, t] + dh) * (1 - before**2)
        dX[:, t] = dz @ W_xh
        dW_xh += dz.T @ X[:, t]
        dW_hh += dz.T @ before
        db += dz.sum(axis=0)
        dh = dz @ W_hh
    return dX, dh, dW_xh, dW_hh, db

# --- wrong: the weights' gradients of the first step alone
# fails: carries the gradient from step to step
# message: dW_xh
def rnn_backward(X, h0, W_xh, W_hh, b, H, dH):
    dX = np.zeros_like(X)
    dh = np.zeros_like(h0)
    for t in reversed(range(X.shape[1])):
        before = H[:, t - 1] if t > 0 else h0
        dz = (dH[:, t] + dh) * (1 - H[:, t] ** 2)
        dX[:, t] = dz @ W_xh
        dW_xh = dz.T @ X[:, t]
        dW_hh = dz.T @ before
        db = dz.sum(axis=0)
        dh = dz @ W_hh
    return dX, dh, dW_xh, dW_hh, db

# --- wrong: a mean over the batch
# fails: sums the weights' gradients over the batch, with the right shapes, of whole numbers too
# message: mean over the batch
def rnn_backward(X, h0, W_xh, W_hh, b, H, dH):
    dX, dW_xh, dW_hh, db = (np.zeros_like(value) for value in (X, W_xh, W_hh, b))
    dh = np.zeros_like(h0)
    for t in reversed(range(X.shape[1])):
        before = H[:, t - 1] if t > 0 else h0
        dz = (dH[:, t] + dh) * (1 - H[:, t] ** 2)
        dX[:, t] = dz @ W_xh
        dW_xh += dz.T @ X[:, t] / len(X)
        dW_hh += dz.T @ before / len(X)
        db += dz.mean(axis=0)
        dh = dz @ W_hh
    return dX, dh, dW_xh, dW_hh, db

# --- wrong: dh0 before it went through W_hh
# fails: goes back through one step
# message: dh0 still has to go back through W_hh
def rnn_backward(X, h0, W_xh, W_hh, b, H, dH):
    dX, dW_xh, dW_hh, db = (np.zeros_like(value) for value in (X, W_xh, W_hh, b))
    dh = np.zeros_like(h0)
    for t in reversed(range(X.shape[1])):
        before = H[:, t - 1] if t > 0 else h0
        dz = (dH[:, t] + dh) * (1 - H[:, t] ** 2)
        dX[:, t] = dz @ W_xh
        dW_xh += dz.T @ X[:, t]
        dW_hh += dz.T @ before
        db += dz.sum(axis=0)
        dh = dz @ W_hh
    return dX, dz, dW_xh, dW_hh, db

# --- wrong: writes into dH on the way
# fails: finds dX and leaves its arguments as they were
# message: caller's dH was changed
def rnn_backward(X, h0, W_xh, W_hh, b, H, dH):
    dX, dW_xh, dW_hh, db = (np.zeros_like(value) for value in (X, W_xh, W_hh, b))
    dh0 = np.zeros_like(h0)
    for t in reversed(range(X.shape[1])):
        before = H[:, t - 1] if t > 0 else h0
        dz = dH[:, t] * (1 - H[:, t] ** 2)
        dX[:, t] = dz @ W_xh
        dW_xh += dz.T @ X[:, t]
        dW_hh += dz.T @ before
        db += dz.sum(axis=0)
        if t > 0:
            dH[:, t - 1] += dz @ W_hh
        else:
            dh0 += dz @ W_hh
    return dX, dh0, dW_xh, dW_hh, db

# --- wrong: lets torch do it
# fails: goes back through one step
# message: write this one yourself
def rnn_backward(X, h0, W_xh, W_hh, b, H, dH):
    leaves = [torch.tensor(value, requires_grad=True) for value in (X, h0, W_xh, W_hh, b)]
    x, h, w, u, c = leaves
    loss = 0.0
    for t in range(X.shape[1]):
        h = torch.tanh(x[:, t] @ w.T + h @ u.T + c)
        loss = loss + (h * torch.tensor(dH[:, t])).sum()
    loss.backward()
    return tuple(leaf.grad.numpy() for leaf in leaves)

# --- wrong: dX in the dtype of X, cut to whole numbers
# fails: sums the weights' gradients over the batch, with the right shapes, of whole numbers too
# message: dX holds whole numbers
def rnn_backward(X, h0, W_xh, W_hh, b, H, dH):
    dX = np.zeros_like(X)
    dW_xh, dW_hh, db = (np.zeros_like(value) for value in (W_xh, W_hh, b))
    later = np.zeros_like(h0)
    for t in reversed(range(X.shape[1])):
        before = H[:, t - 1] if t > 0 else h0
        g = dH[:, t] + later
        delta = g * (1 - H[:, t] ** 2)
        dX[:, t] = delta @ W_xh
        dW_xh += delta.T @ X[:, t]
        dW_hh += delta.T @ before
        db += delta.sum(axis=0)
        later = delta @ W_hh
    return dX, later, dW_xh, dW_hh, db

# --- wrong: dX in the dtype of X, seen by the hidden check
# fails: finds dX and dh0 as small changes of X and h0 show them
# message: ^dX holds whole numbers
def rnn_backward(X, h0, W_xh, W_hh, b, H, dH):
    dX = np.zeros_like(X)
    dW_xh, dW_hh, db = (np.zeros_like(value) for value in (W_xh, W_hh, b))
    later = np.zeros_like(h0)
    for t in reversed(range(X.shape[1])):
        before = H[:, t - 1] if t > 0 else h0
        g = dH[:, t] + later
        delta = g * (1 - H[:, t] ** 2)
        dX[:, t] = delta @ W_xh
        dW_xh += delta.T @ X[:, t]
        dW_hh += delta.T @ before
        db += delta.sum(axis=0)
        later = delta @ W_hh
    return dX, later, dW_xh, dW_hh, db

# --- wrong: no slope
# fails: goes back through one step
# message: slope of tanh is missing
def rnn_backward(X, h0, W_xh, W_hh, b, H, dH):
    dX = np.zeros(X.shape)
    dW_xh, dW_hh, db = (np.zeros_like(value) for value in (W_xh, W_hh, b))
    later = np.zeros_like(h0)
    for t in reversed(range(X.shape[1])):
        before = H[:, t - 1] if t > 0 else h0
        g = dH[:, t] + later
        delta = g
        dX[:, t] = delta @ W_xh
        dW_xh += delta.T @ X[:, t]
        dW_hh += delta.T @ before
        db += delta.sum(axis=0)
        later = delta @ W_hh
    return dX, later, dW_xh, dW_hh, db

# --- wrong: the slope without the square
# fails: goes back through one step
# message: slope is 1 - h², h squared
def rnn_backward(X, h0, W_xh, W_hh, b, H, dH):
    dX = np.zeros(X.shape)
    dW_xh, dW_hh, db = (np.zeros_like(value) for value in (W_xh, W_hh, b))
    later = np.zeros_like(h0)
    for t in reversed(range(X.shape[1])):
        before = H[:, t - 1] if t > 0 else h0
        g = dH[:, t] + later
        delta = g * (1 - H[:, t])
        dX[:, t] = delta @ W_xh
        dW_xh += delta.T @ X[:, t]
        dW_hh += delta.T @ before
        db += delta.sum(axis=0)
        later = delta @ W_hh
    return dX, later, dW_xh, dW_hh, db

# --- wrong: what comes back is added after the slope
# fails: carries the gradient from step to step
# message: added after the slope
def rnn_backward(X, h0, W_xh, W_hh, b, H, dH):
    dX = np.zeros(X.shape)
    dW_xh, dW_hh, db = (np.zeros_like(value) for value in (W_xh, W_hh, b))
    later = np.zeros_like(h0)
    for t in reversed(range(X.shape[1])):
        before = H[:, t - 1] if t > 0 else h0
        delta = dH[:, t] * (1 - H[:, t] ** 2) + later
        dX[:, t] = delta @ W_xh
        dW_xh += delta.T @ X[:, t]
        dW_hh += delta.T @ before
        db += delta.sum(axis=0)
        later = delta @ W_hh
    return dX, later, dW_xh, dW_hh, db

# --- wrong: g is sent back
# fails: goes back through one step
# message: g is sent back where δ should be
def rnn_backward(X, h0, W_xh, W_hh, b, H, dH):
    dX = np.zeros(X.shape)
    dW_xh, dW_hh, db = (np.zeros_like(value) for value in (W_xh, W_hh, b))
    later = np.zeros_like(h0)
    for t in reversed(range(X.shape[1])):
        before = H[:, t - 1] if t > 0 else h0
        g = dH[:, t] + later
        delta = g * (1 - H[:, t] ** 2)
        dX[:, t] = delta @ W_xh
        dW_xh += delta.T @ X[:, t]
        dW_hh += delta.T @ before
        db += delta.sum(axis=0)
        later = g @ W_hh
    return dX, later, dW_xh, dW_hh, db

# --- wrong: what is sent back piles up
# fails: carries the gradient from step to step
# message: piles up
def rnn_backward(X, h0, W_xh, W_hh, b, H, dH):
    dX = np.zeros(X.shape)
    dW_xh, dW_hh, db = (np.zeros_like(value) for value in (W_xh, W_hh, b))
    later = np.zeros_like(h0)
    for t in reversed(range(X.shape[1])):
        before = H[:, t - 1] if t > 0 else h0
        g = dH[:, t] + later
        delta = g * (1 - H[:, t] ** 2)
        dX[:, t] = delta @ W_xh
        dW_xh += delta.T @ X[:, t]
        dW_hh += delta.T @ before
        db += delta.sum(axis=0)
        later = later + delta @ W_hh
    return dX, later, dW_xh, dW_hh, db

# --- wrong: the loop ends before the first step
# fails: sums the weights' gradients over the batch, with the right shapes, of whole numbers too
# message: does not reach the first step$
def rnn_backward(X, h0, W_xh, W_hh, b, H, dH):
    dX = np.zeros(X.shape)
    dW_xh, dW_hh, db = (np.zeros_like(value) for value in (W_xh, W_hh, b))
    later = np.zeros_like(h0)
    for t in range(X.shape[1] - 1, 0, -1):
        before = H[:, t - 1] if t > 0 else h0
        g = dH[:, t] + later
        delta = g * (1 - H[:, t] ** 2)
        dX[:, t] = delta @ W_xh
        dW_xh += delta.T @ X[:, t]
        dW_hh += delta.T @ before
        db += delta.sum(axis=0)
        later = delta @ W_hh
    return dX, later, dW_xh, dW_hh, db

# --- wrong: forwards, where two causes fit
# fails: carries the gradient from step to step
# message: does not reach the first step. Or the walk goes forwards
def rnn_backward(X, h0, W_xh, W_hh, b, H, dH):
    dX = np.zeros(X.shape)
    dW_xh, dW_hh, db = (np.zeros_like(value) for value in (W_xh, W_hh, b))
    later = np.zeros_like(h0)
    for t in range(X.shape[1]):
        before = H[:, t - 1] if t > 0 else h0
        g = dH[:, t] + later
        delta = g * (1 - H[:, t] ** 2)
        dX[:, t] = delta @ W_xh
        dW_xh += delta.T @ X[:, t]
        dW_hh += delta.T @ before
        db += delta.sum(axis=0)
        later = delta @ W_hh
    return dX, later, dW_xh, dW_hh, db

# --- wrong: forwards
# fails: finds dX and dh0 as small changes of X and h0 show them
# message: ^It looks like the walk goes forwards
def rnn_backward(X, h0, W_xh, W_hh, b, H, dH):
    dX = np.zeros(X.shape)
    dW_xh, dW_hh, db = (np.zeros_like(value) for value in (W_xh, W_hh, b))
    later = np.zeros_like(h0)
    for t in range(X.shape[1]):
        before = H[:, t - 1] if t > 0 else h0
        g = dH[:, t] + later
        delta = g * (1 - H[:, t] ** 2)
        dX[:, t] = delta @ W_xh
        dW_xh += delta.T @ X[:, t]
        dW_hh += delta.T @ before
        db += delta.sum(axis=0)
        later = delta @ W_hh
    return dX, later, dW_xh, dW_hh, db

# --- wrong: db of one step
# fails: carries the gradient from step to step
# message: db is that of one step alone
def rnn_backward(X, h0, W_xh, W_hh, b, H, dH):
    dX = np.zeros(X.shape)
    dW_xh, dW_hh, db = (np.zeros_like(value) for value in (W_xh, W_hh, b))
    later = np.zeros_like(h0)
    for t in reversed(range(X.shape[1])):
        before = H[:, t - 1] if t > 0 else h0
        g = dH[:, t] + later
        delta = g * (1 - H[:, t] ** 2)
        dX[:, t] = delta @ W_xh
        dW_xh += delta.T @ X[:, t]
        dW_hh += delta.T @ before
        db = delta.sum(axis=0)
        later = delta @ W_hh
    return dX, later, dW_xh, dW_hh, db

# --- wrong: db of the first row
# fails: sums the weights' gradients over the batch, with the right shapes, of whole numbers too
# message: db is that of one row alone
def rnn_backward(X, h0, W_xh, W_hh, b, H, dH):
    dX = np.zeros(X.shape)
    dW_xh, dW_hh, db = (np.zeros_like(value) for value in (W_xh, W_hh, b))
    later = np.zeros_like(h0)
    for t in reversed(range(X.shape[1])):
        before = H[:, t - 1] if t > 0 else h0
        g = dH[:, t] + later
        delta = g * (1 - H[:, t] ** 2)
        dX[:, t] = delta @ W_xh
        dW_xh += delta.T @ X[:, t]
        dW_hh += delta.T @ before
        db += delta[0]
        later = delta @ W_hh
    return dX, later, dW_xh, dW_hh, db

# --- wrong: dW_xh is made of g
# fails: goes back through one step
# message: dW_xh is made of g
def rnn_backward(X, h0, W_xh, W_hh, b, H, dH):
    dX = np.zeros(X.shape)
    dW_xh, dW_hh, db = (np.zeros_like(value) for value in (W_xh, W_hh, b))
    later = np.zeros_like(h0)
    for t in reversed(range(X.shape[1])):
        before = H[:, t - 1] if t > 0 else h0
        g = dH[:, t] + later
        delta = g * (1 - H[:, t] ** 2)
        dX[:, t] = delta @ W_xh
        dW_xh += g.T @ X[:, t]
        dW_hh += delta.T @ before
        db += delta.sum(axis=0)
        later = delta @ W_hh
    return dX, later, dW_xh, dW_hh, db

# --- wrong: dW_hh is transposed
# fails: sums the weights' gradients over the batch, with the right shapes, of whole numbers too
# message: dW_hh is the wrong way round
def rnn_backward(X, h0, W_xh, W_hh, b, H, dH):
    dX = np.zeros(X.shape)
    dW_xh, dW_hh, db = (np.zeros_like(value) for value in (W_xh, W_hh, b))
    later = np.zeros_like(h0)
    for t in reversed(range(X.shape[1])):
        before = H[:, t - 1] if t > 0 else h0
        g = dH[:, t] + later
        delta = g * (1 - H[:, t] ** 2)
        dX[:, t] = delta @ W_xh
        dW_xh += delta.T @ X[:, t]
        dW_hh += before.T @ delta
        db += delta.sum(axis=0)
        later = delta @ W_hh
    return dX, later, dW_xh, dW_hh, db

# --- wrong: dh0 is forgotten
# fails: goes back through one step
# message: dh0 was left at zero
def rnn_backward(X, h0, W_xh, W_hh, b, H, dH):
    dX = np.zeros(X.shape)
    dW_xh, dW_hh, db = (np.zeros_like(value) for value in (W_xh, W_hh, b))
    later = np.zeros_like(h0)
    for t in reversed(range(X.shape[1])):
        before = H[:, t - 1] if t > 0 else h0
        g = dH[:, t] + later
        delta = g * (1 - H[:, t] ** 2)
        dX[:, t] = delta @ W_xh
        dW_xh += delta.T @ X[:, t]
        dW_hh += delta.T @ before
        db += delta.sum(axis=0)
        later = delta @ W_hh
    return dX, np.zeros_like(h0), dW_xh, dW_hh, db

# --- wrong: the weights first
# fails: goes back through one step
# message: right, but in another order
def rnn_backward(X, h0, W_xh, W_hh, b, H, dH):
    dX = np.zeros(X.shape)
    dW_xh, dW_hh, db = (np.zeros_like(value) for value in (W_xh, W_hh, b))
    later = np.zeros_like(h0)
    for t in reversed(range(X.shape[1])):
        before = H[:, t - 1] if t > 0 else h0
        g = dH[:, t] + later
        delta = g * (1 - H[:, t] ** 2)
        dX[:, t] = delta @ W_xh
        dW_xh += delta.T @ X[:, t]
        dW_hh += delta.T @ before
        db += delta.sum(axis=0)
        later = delta @ W_hh
    return dX, dW_xh, dW_hh, db, later

# --- wrong: the last state before the first step, where two causes fit
# fails: goes back through one step
# message: state after the step was taken.* Or at the first step H\[:, -1\]
def rnn_backward(X, h0, W_xh, W_hh, b, H, dH):
    dX = np.zeros(X.shape)
    dW_xh, dW_hh, db = (np.zeros_like(value) for value in (W_xh, W_hh, b))
    later = np.zeros_like(h0)
    for t in reversed(range(X.shape[1])):
        before = H[:, t - 1]
        g = dH[:, t] + later
        delta = g * (1 - H[:, t] ** 2)
        dX[:, t] = delta @ W_xh
        dW_xh += delta.T @ X[:, t]
        dW_hh += delta.T @ before
        db += delta.sum(axis=0)
        later = delta @ W_hh
    return dX, later, dW_xh, dW_hh, db

# --- wrong: a mistake nobody has listed
# fails: sums the weights' gradients over the batch, with the right shapes, of whole numbers too
# message: dX is right at the last step and wrong before
def rnn_backward(X, h0, W_xh, W_hh, b, H, dH):
    dX = np.zeros(X.shape)
    dW_xh, dW_hh, db = (np.zeros_like(value) for value in (W_xh, W_hh, b))
    later = np.zeros_like(h0)
    for t in reversed(range(X.shape[1])):
        before = H[:, t - 1] if t > 0 else h0
        g = dH[:, t] + later
        delta = g * (1 - H[:, t] ** 2)
        dX[:, t] = delta @ W_xh
        dW_xh += delta.T @ X[:, t]
        dW_hh += delta.T @ before
        db += delta.sum(axis=0)
        later = delta @ W_hh / 2
    return dX, later, dW_xh, dW_hh, db

# --- wrong: zeros of the right shapes
# fails: finds dX and leaves its arguments as they were
# message: dX is the first that is wrong
def rnn_backward(X, h0, W_xh, W_hh, b, H, dH):
    return tuple(np.zeros(np.shape(a)) for a in (X, h0, W_xh, W_hh, b))

# --- wrong: nothing is returned
# fails: finds dX and leaves its arguments as they were
# message: The result has 5 parts: return dX, dh0, dW_xh, dW_hh, db
def rnn_backward(X, h0, W_xh, W_hh, b, H, dH):
    return None

# --- wrong: nothing is derived, each number is moved a little into the imaginary
# fails: finds dW_xh, dW_hh and db as small changes of the weights show them
# message: did not come back within
def rnn_backward(X, h0, W_xh, W_hh, b, H, dH):
    values = [np.asarray(value, complex) for value in (X, h0, W_xh, W_hh, b)]

    def loss(X, h, W_xh, W_hh, b):
        total = 0
        for t in range(X.shape[1]):
            h = np.tanh(X[:, t] @ W_xh.T + h @ W_hh.T + b)
            total = total + (dH[:, t] * h).sum()
        return total

    gradients = []
    for value in values:
        gradient = np.zeros(value.shape)
        for i in np.ndindex(value.shape):
            value[i] += 1e-30j
            gradient[i] = loss(*values).imag / 1e-30
            value[i] -= 1e-30j
        gradients.append(gradient)
    return tuple(gradients)


# --- wrong: TensorFlow's tape, by a private path
# fails: goes back through one step
# message: write this one yourself
def rnn_backward(X, h0, W_xh, W_hh, b, H, dH):
    from tensorflow.python.eager.backprop import GradientTape
    import tensorflow as tf

    parts = [tf.constant(np.asarray(part, dtype=float)) for part in (X, h0, W_xh, W_hh, b)]
    with GradientTape() as tape:
        for part in parts:
            tape.watch(part)
        x, h, W, U, bias = parts
        total = 0.0
        for t in range(X.shape[1]):
            h = tf.tanh(x[:, t] @ tf.transpose(W) + h @ tf.transpose(U) + bias)
            total += tf.reduce_sum(h * dH[:, t])
    return [part.numpy() for part in tape.gradient(total, parts)]

# --- right: all pre-activations first, then four products
def rnn_backward(X, h0, W_xh, W_hh, b, H, dH):
    slope = 1 - np.square(H)
    dZ = np.empty(H.shape)
    back = 0.0
    for t in range(H.shape[1] - 1, -1, -1):
        dZ[:, t] = slope[:, t] * (dH[:, t] + back)
        back = dZ[:, t].dot(W_hh)
    before = np.concatenate([h0[:, None, :], H[:, :-1, :]], axis=1)
    return (
        dZ.dot(W_xh),
        back,
        np.tensordot(dZ, X, axes=([0, 1], [0, 1])),
        np.tensordot(dZ, before, axes=([0, 1], [0, 1])),
        dZ.sum(axis=(0, 1)),
    )

# --- right: row by row with columns, recomputing the states, as a list
def rnn_backward(X, h0, W_xh, W_hh, b, H, dH):
    B, T, D = X.shape
    dX, dh0 = np.zeros((B, T, D)), np.zeros(h0.shape)
    dW_xh, dW_hh, db = 0 * W_xh, 0 * W_hh, 0 * b
    for i in range(B):
        states = [h0[i]]
        for x in X[i]:
            states.append(np.tanh(W_xh @ x + W_hh @ states[-1] + b))
        carried = np.zeros(len(b))
        for t in range(T, 0, -1):
            delta = (carried + dH[i, t - 1]) * (1 - states[t]) * (1 + states[t])
            dX[i, t - 1] = W_xh.T @ delta
            dW_xh = dW_xh + np.outer(delta, X[i, t - 1])
            dW_hh = dW_hh + np.outer(delta, states[t - 1])
            db = db + delta
            carried = W_hh.T @ delta
        dh0[i] = carried
    return [dX, dh0, dW_xh, dW_hh, db]
