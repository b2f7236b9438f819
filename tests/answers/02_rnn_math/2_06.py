# --- wrong: nothing comes back from later steps
# fails: carries the gradient from step to step
# message: what comes back from later steps is dropped
#-        delta = (dH[:, t] + dh) * (1 - H[:, t] ** 2)  # (B, H)
#+        delta = dH[:, t] * (1 - H[:, t] ** 2)

# --- wrong: what comes back takes the place of the step's own gradient
# fails: carries the gradient from step to step
# message: takes the place of dH
#-    dh = np.zeros_like(h0)  # (B, H): what later steps pass back
#+    dh = dH[:, -1]
#
#-        delta = (dH[:, t] + dh) * (1 - H[:, t] ** 2)  # (B, H)
#+        delta = dh * (1 - H[:, t] ** 2)

# --- wrong: the slope of the logistic
# fails: goes back through one step
# message: the slope is h\(1 - h\)
#-        delta = (dH[:, t] + dh) * (1 - H[:, t] ** 2)  # (B, H)
#+        delta = (dH[:, t] + dh) * H[:, t] * (1 - H[:, t])

# --- wrong: back through the transposed matrix
# fails: sums the weights' gradients over the batch, with the right shapes, of whole numbers too
# message: W_hh is the wrong way round on the way back
#-        dh = delta @ W_hh
#+        dh = delta @ W_hh.T

# --- wrong: before the first step stands the last state
# fails: sums the weights' gradients over the batch, with the right shapes, of whole numbers too
# message: H\[:, -1\] was taken
#-    dX = np.zeros(X.shape)  # (B, T, D), floats: X may hold whole numbers
#+    dX = np.zeros_like(X)
#
#-        before = H[:, t - 1] if t > 0 else h0  # (B, H)
#+        before = H[:, t - 1]

# --- wrong: dW_hh with the state after the step
# fails: carries the gradient from step to step
# message: state after the step was taken
#-    dX = np.zeros(X.shape)  # (B, T, D), floats: X may hold whole numbers
#+    dX = np.zeros_like(X)
#
#-        dW_hh += delta.T @ before
#+        dW_hh += delta.T @ H[:, t]

# --- wrong: h0 is left out of dW_hh
# fails: goes back through one step
# message: h0 is left out
#-    dX = np.zeros(X.shape)  # (B, T, D), floats: X may hold whole numbers
#+    dX = np.zeros_like(X)
#
#-        dW_hh += delta.T @ before
#+        if t > 0:
#+            dW_hh += delta.T @ before

# --- wrong: the slope at the state before
# fails: goes back through one step
# message: slope is taken at the state before the step
#-        delta = (dH[:, t] + dh) * (1 - H[:, t] ** 2)  # (B, H)
#+        delta = (dH[:, t] + dh) * (1 - before**2)

# --- wrong: the weights' gradients of the first step alone
# fails: carries the gradient from step to step
# message: dW_xh
#-    dX = np.zeros(X.shape)  # (B, T, D), floats: X may hold whole numbers
#+    dX = np.zeros_like(X)
#
#-        dW_xh += delta.T @ X[:, t]
#-        dW_hh += delta.T @ before
#-        db += delta.sum(axis=0)
#+        dW_xh = delta.T @ X[:, t]
#+        dW_hh = delta.T @ before
#+        db = delta.sum(axis=0)

# --- wrong: a mean over the batch
# fails: sums the weights' gradients over the batch, with the right shapes, of whole numbers too
# message: mean over the batch
#-    dX = np.zeros(X.shape)  # (B, T, D), floats: X may hold whole numbers
#+    dX = np.zeros_like(X)
#
#-        dW_xh += delta.T @ X[:, t]
#-        dW_hh += delta.T @ before
#-        db += delta.sum(axis=0)
#+        dW_xh += delta.T @ X[:, t] / len(X)
#+        dW_hh += delta.T @ before / len(X)
#+        db += delta.mean(axis=0)

# --- wrong: dh0 before it went through W_hh
# fails: goes back through one step
# message: dh0 still has to go back through W_hh
#-    return dX, dh, dW_xh, dW_hh, db
#+    return dX, delta, dW_xh, dW_hh, db

# --- wrong: writes into dH on the way
# fails: keeps the laws
# message: caller's dH was changed
#-    dX = np.zeros(X.shape)  # (B, T, D), floats: X may hold whole numbers
#+    dX = np.zeros_like(X)
#
#-        delta = (dH[:, t] + dh) * (1 - H[:, t] ** 2)  # (B, H)
#+        dH[:, t] += dh
#+        delta = dH[:, t] * (1 - H[:, t] ** 2)

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
#-    dX = np.zeros(X.shape)  # (B, T, D), floats: X may hold whole numbers
#+    dX = np.zeros_like(X)

# --- wrong: no slope
# fails: goes back through one step
# message: slope of tanh is missing
#-        delta = (dH[:, t] + dh) * (1 - H[:, t] ** 2)  # (B, H)
#+        delta = dH[:, t] + dh

# --- wrong: the slope without the square
# fails: goes back through one step
# message: slope is 1 - h², h squared
#-        delta = (dH[:, t] + dh) * (1 - H[:, t] ** 2)  # (B, H)
#+        delta = (dH[:, t] + dh) * (1 - H[:, t])

# --- wrong: what comes back is added after the slope
# fails: carries the gradient from step to step
# message: added after the slope
#-        delta = (dH[:, t] + dh) * (1 - H[:, t] ** 2)  # (B, H)
#+        delta = dH[:, t] * (1 - H[:, t] ** 2) + dh

# --- wrong: g is sent back
# fails: goes back through one step
# message: g is sent back where δ should be
#-        dh = delta @ W_hh
#+        dh = (dH[:, t] + dh) @ W_hh

# --- wrong: what is sent back piles up
# fails: carries the gradient from step to step
# message: piles up
#-        dh = delta @ W_hh
#+        dh = dh + delta @ W_hh

# --- wrong: the loop ends before the first step
# fails: sums the weights' gradients over the batch, with the right shapes, of whole numbers too
# message: does not reach the first step$
#-    for t in reversed(range(X.shape[1])):
#+    for t in range(X.shape[1] - 1, 0, -1):

# --- wrong: forwards, where two causes fit
# fails: carries the gradient from step to step
# message: does not reach the first step. Or the walk goes forwards
#-    for t in reversed(range(X.shape[1])):
#+    for t in range(X.shape[1]):

# --- wrong: forwards
# fails: finds dX and dh0 as small changes of X and h0 show them
# message: ^It looks like the walk goes forwards
#-    for t in reversed(range(X.shape[1])):
#+    for t in range(X.shape[1]):

# --- wrong: db of one step
# fails: carries the gradient from step to step
# message: db is that of one step alone
#-        db += delta.sum(axis=0)
#+        db = delta.sum(axis=0)

# --- wrong: db of the first row
# fails: sums the weights' gradients over the batch, with the right shapes, of whole numbers too
# message: db is that of one row alone
#-        db += delta.sum(axis=0)
#+        db += delta[0]

# --- wrong: dW_xh is made of g
# fails: goes back through one step
# message: dW_xh is made of g
#-        dW_xh += delta.T @ X[:, t]
#+        dW_xh += (dH[:, t] + dh).T @ X[:, t]

# --- wrong: dW_hh is transposed
# fails: sums the weights' gradients over the batch, with the right shapes, of whole numbers too
# message: dW_hh is the wrong way round
#-        dW_hh += delta.T @ before
#+        dW_hh += before.T @ delta

# --- wrong: dh0 is forgotten
# fails: goes back through one step
# message: dh0 was left at zero
#-    return dX, dh, dW_xh, dW_hh, db
#+    return dX, np.zeros_like(h0), dW_xh, dW_hh, db

# --- wrong: the weights first
# fails: goes back through one step
# message: right, but in another order
#-    return dX, dh, dW_xh, dW_hh, db
#+    return dX, dW_xh, dW_hh, db, dh

# --- wrong: the last state before the first step, where two causes fit
# fails: goes back through one step
# message: state after the step was taken.* Or at the first step H\[:, -1\]
#-        before = H[:, t - 1] if t > 0 else h0  # (B, H)
#+        before = H[:, t - 1]

# --- wrong: a mistake nobody has listed
# fails: sums the weights' gradients over the batch, with the right shapes, of whole numbers too
# message: dX is right at the last step and wrong before
#-        dh = delta @ W_hh
#+        dh = delta @ W_hh / 2

# --- wrong: zeros of the right shapes
# fails: walks back through sequences of any size, and keeps the laws
# message: dX is the first that is wrong
def rnn_backward(X, h0, W_xh, W_hh, b, H, dH):
    return tuple(np.zeros(np.shape(a)) for a in (X, h0, W_xh, W_hh, b))

# --- wrong: nothing is returned
# fails: walks back through sequences of any size, and keeps the laws
# message: The result has 5 parts: return dX, dh0, dW_xh, dW_hh, db
#-    return dX, dh, dW_xh, dW_hh, db

# --- wrong: nothing is derived, each number is moved a little into the imaginary
# fails: keeps the laws
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

# --- wrong: the gradient ends after 25 steps
# fails: keeps the laws
# message: any size: here steps is 300
#-        dh = delta @ W_hh
#+        dh = delta @ W_hh if X.shape[1] - t < 25 else 0 * h0

# --- wrong: ends where the gradient has vanished, though an earlier step brings a new one
# fails: carries the gradient from step to step
# message: does not reach the first step
#=        delta = (dH[:, t] + dh) * (1 - H[:, t] ** 2)  # (B, H)
#+        if t < X.shape[1] - 1 and np.abs(delta).max() < 1e-12:
#+            return dX, np.zeros(h0.shape), dW_xh, dW_hh, db

# --- wrong: goes back 250 steps
# fails: keeps the laws
# message: any size: here steps is 300
#-        dh = delta @ W_hh
#+        dh = delta @ W_hh
#+        if X.shape[1] - t == 250:
#+            return dX, dh, dW_xh, dW_hh, db

# --- wrong: the weights' gradients in the dtype of the weights
# fails: sums the weights' gradients over the batch, with the right shapes, of whole numbers too
# message: Cannot cast
#-    dW_xh, dW_hh, db = (np.zeros(weight.shape) for weight in (W_xh, W_hh, b))
#+    dW_xh, dW_hh, db = (np.zeros_like(weight) for weight in (W_xh, W_hh, b))

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
