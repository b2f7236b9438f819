# --- wrong: what goes through h' never reaches the cell
# fails: sends back what reaches h, through the output gate and through the cell
# message: the way through h' is missing
#-    dc = dc + dh * o * (1 - shown**2)  # the two ways into c' meet

# --- wrong: the seed's claim that gradients pass through the cell unchanged
# fails: sends back what reaches c, in an example that can be followed by hand
# message: c passes unchanged
#-    return da @ W, da @ U, dc * f, da.T @ x, da.T @ h, da.sum(axis=0)
#+    return da @ W, da @ U, dc, da.T @ x, da.T @ h, da.sum(axis=0)

# --- wrong: adds into the caller's dc
# fails: keeps the laws, with several caches in use and each used twice
# message: The caller's dc was changed
#-    dc = dc + dh * o * (1 - shown**2)  # the two ways into c' meet
#+    dc += dh * o * (1 - shown**2)

# --- wrong: averages over the batch
# fails: agrees with what happens when each number is moved a little, summed over the batch
# message: was averaged over the batch
#-    return da @ W, da @ U, dc * f, da.T @ x, da.T @ h, da.sum(axis=0)
#+    n = len(x)
#+    return da @ W, da @ U, dc * f, da.T @ x / n, da.T @ h / n, da.mean(axis=0)

# --- wrong: averages the bias's gradient over the batch
# fails: agrees with what happens when each number is moved a little, summed over the batch
# message: db was averaged over the batch: sum over it
#-    return da @ W, da @ U, dc * f, da.T @ x, da.T @ h, da.sum(axis=0)
#+    return da @ W, da @ U, dc * f, da.T @ x, da.T @ h, da.mean(axis=0)

# --- wrong: the slope of σ is only half there
# fails: sends back what reaches c, in an example that can be followed by hand
# message: σ' = σ\(1 - σ\)
#-    da_i = dc * g * i * (1 - i)  # (B, H)
#-    da_f = dc * c * f * (1 - f)
#+    da_i = dc * g * (1 - i)
#+    da_f = dc * c * (1 - f)
#
#-    da_o = dh * shown * o * (1 - o)
#+    da_o = dh * shown * (1 - o)

# --- wrong: the gradient of the bias keeps its rows
# fails: sends back what reaches c, in an example that can be followed by hand
# message: gave db of shape \(1, 4\), expected \(4,\)
#-    return da @ W, da @ U, dc * f, da.T @ x, da.T @ h, da.sum(axis=0)
#+    return da @ W, da @ U, dc * f, da.T @ x, da.T @ h, da

# --- wrong: the last cache is kept in a global name
# fails: goes back through a chain of steps, each with its own cache
# message: and stays as it was while other steps are taken
#+LAST = {}
#+
#+
#=def lstm_step_cache(x, h, c, W, U, b):
#
#-    return o * shown, c_new, (x, h, c, W, U, i, f, g, o, shown)
#+    LAST.update(x=x, h=h, c=c, W=W, U=U, i=i, f=f, g=g, o=o, shown=shown)
#+    return o * shown, c_new, LAST
#
#-    x, h, c, W, U, i, f, g, o, shown = cache
#+    x, h, c, W, U, i, f, g, o, shown = cache.values()

# --- wrong: every argument is moved a little
# fails: agrees with PyTorch's gradients, whatever the sizes
# message: each argument was moved a little
def step(x, h, c, W, U, b):
    i, f, g, o = np.split(x @ W.T + h @ U.T + b, 4, axis=1)
    c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
    return sigmoid(o) * np.tanh(c), c


def lstm_step_cache(*arguments):
    return *step(*arguments), [part.copy() for part in arguments]


def lstm_step_backward(dh, dc, cache):
    found = [np.zeros_like(part) for part in cache]
    for k, part in enumerate(cache):
        for index in np.ndindex(part.shape):
            for side in (1e-5, -1e-5):
                moved = [other.copy() for other in cache]
                moved[k][index] += side
                h, c = step(*moved)
                found[k][index] += ((h * dh).sum() + (c * dc).sum()) / (2 * side)
    return tuple(found)

# --- wrong: the output gate gets what reaches the cell
# fails: sends back what reaches h, through the output gate and through the cell
# message: da_o was made of what reaches c'
#-    da_o = dh * shown * o * (1 - o)
#+    da_o = dc * shown * o * (1 - o)

# --- wrong: two blocks of da changed places
# fails: sends back what reaches h, through the output gate and through the cell
# message: stand in the order i, f, o, g
#-    da = np.concatenate([da_i, da_f, da_g, da_o], axis=1)  # (B, 4H)
#+    da = np.concatenate([da_i, da_f, da_o, da_g], axis=1)

# --- wrong: the forget gate's part lacks the old cell state
# fails: sends back what reaches c, in an example that can be followed by hand
# message: in da this part is wrong: f
#-    da_f = dc * c * f * (1 - f)
#+    da_f = dc * f * (1 - f)

# --- wrong: the way back is rounded to float32
# fails: agrees with PyTorch's gradients, whatever the sizes
# message: agree to a few digits only: compute in float64
#-    da = np.concatenate([da_i, da_f, da_g, da_o], axis=1)  # (B, 4H)
#-    return da @ W, da @ U, dc * f, da.T @ x, da.T @ h, da.sum(axis=0)
#+    da = np.concatenate([da_i, da_f, da_g, da_o], axis=1).astype(np.float32)
#+    found = da @ W, da @ U, dc * f, da.T @ x, da.T @ h, da.sum(axis=0)
#+    return tuple(part.astype(np.float64) for part in found)

# --- wrong: nothing is derived, each number is moved a little into the imaginary
# fails: keeps the laws, with several caches in use and each used twice
# message: Whole numbers are numbers too
def one_step(x, h, c, W, U, b):
    i, f, g, o = np.split(x @ W.T + h @ U.T + b, 4, axis=1)
    i, f, o = (1 / (1 + np.exp(-a)) for a in (i, f, o))
    c = f * c + i * np.tanh(g)
    return o * np.tanh(c), c


def lstm_step_cache(x, h, c, W, U, b):
    return (*one_step(x, h, c, W, U, b), [np.array(part, complex) for part in (x, h, c, W, U, b)])


def lstm_step_backward(dh, dc, cache):
    parts, gradients = [part.copy() for part in cache], []
    for part in parts:
        gradient = np.zeros(part.shape)
        for place in np.ndindex(part.shape):
            part[place] += 1e-30j
            h, c = one_step(*parts)
            gradient[place] = ((dh * h).sum() + (dc * c).sum()).imag / 1e-30
            part[place] -= 1e-30j
        gradients.append(gradient)
    return tuple(gradients)

# --- wrong: TensorFlow's tape, by a private path
# fails: sends back what reaches c, in an example that can be followed by hand
# message: write this one yourself
def lstm_step_cache(x, h, c, W, U, b):
    i, f, g, o = np.split(x @ W.T + h @ U.T + b, 4, axis=1)
    new = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
    return sigmoid(o) * np.tanh(new), new, (x, h, c, W, U, b)


def lstm_step_backward(dh, dc, cache):
    import tensorflow as tf
    from tensorflow.python.eager.backprop import GradientTape

    parts = [tf.constant(part) for part in cache]
    with GradientTape() as tape:
        for part in parts:
            tape.watch(part)
        x, h, c, W, U, b = parts
        a = x @ tf.transpose(W) + h @ tf.transpose(U) + b
        i, f, g, o = tf.split(a, 4, axis=1)
        new = tf.sigmoid(f) * c + tf.sigmoid(i) * tf.tanh(g)
        total = tf.reduce_sum(tf.sigmoid(o) * tf.tanh(new) * dh) + tf.reduce_sum(new * dc)
    return [part.numpy() for part in tape.gradient(total, parts)]

# --- wrong: the way back writes into the cache
# fails: keeps the laws, with several caches in use and each used twice
# message: stays as it was .* after it was used
#-    dc = dc + dh * o * (1 - shown**2)  # the two ways into c' meet
#+    shown *= shown
#+    dc = dc + dh * o * (1 - shown)
#+    shown = np.sqrt(shown) * np.sign(f * c + i * g)

# --- wrong: one array for all gradients of a bias
# fails: keeps the laws, with several caches in use and each used twice
# message: What the first call returned changed
#+SUMS = {}
#+
#+
#=def lstm_step_backward(dh, dc, cache):
#
#-    return da @ W, da @ U, dc * f, da.T @ x, da.T @ h, da.sum(axis=0)
#+    db = da.sum(axis=0, out=SUMS.setdefault(len(U), np.empty(len(U))))
#+    return da @ W, da @ U, dc * f, da.T @ x, da.T @ h, db

# --- wrong: the names of the states are others
# fails: keeps the laws, with several caches in use and each used twice
# message: given by name
#-def lstm_step_backward(dh, dc, cache):
#+def lstm_step_backward(dh_next, dc_next, cache):
#+    dh, dc = dh_next, dc_next

# --- wrong: the cache is the number of a place in a global list
# fails: keeps the laws, with several caches in use and each used twice
# message: A cache holds what the way back needs
#+KEPT = []
#+
#+
#=def lstm_step_cache(x, h, c, W, U, b):
#
#-    return o * shown, c_new, (x, h, c, W, U, i, f, g, o, shown)
#+    KEPT.append((x, h, c, W, U, i, f, g, o, shown))
#+    return o * shown, c_new, len(KEPT) - 1
#
#-    x, h, c, W, U, i, f, g, o, shown = cache
#+    x, h, c, W, U, i, f, g, o, shown = KEPT[cache]

# --- wrong: a second way back writes over the gradients of the first
# fails: keeps the laws, with several caches in use and each used twice
# message: A cache holds what the way back needs, and stays as it was
#-    return o * shown, c_new, (x, h, c, W, U, i, f, g, o, shown)
#+    return o * shown, c_new, (x, h, c, W, U, i, f, g, o, shown, np.empty(W.shape))
#
#-    x, h, c, W, U, i, f, g, o, shown = cache
#+    x, h, c, W, U, i, f, g, o, shown, dW = cache
#
#-    return da @ W, da @ U, dc * f, da.T @ x, da.T @ h, da.sum(axis=0)
#+    return da @ W, da @ U, dc * f, np.matmul(da.T, x, out=dW), da.T @ h, da.sum(axis=0)

# --- right: states and cache as a named tuple
#+from collections import namedtuple
#+
#+Step = namedtuple("Step", "h c cache")
#+
#+
#=def lstm_step_cache(x, h, c, W, U, b):
#
#-    return o * shown, c_new, (x, h, c, W, U, i, f, g, o, shown)
#+    return Step(o * shown, c_new, (x, h, c, W, U, i, f, g, o, shown))

# --- right: an object as cache, gate by gate
class Step:
    pass


def lstm_step_cache(x, h, c, W, U, b):
    size = h.shape[1]
    s = Step()
    s.x, s.h, s.c, s.W, s.U = x, h, c, W, U
    a = x @ W.T + h @ U.T + b
    s.i, s.f, s.o = (1 / (1 + np.exp(-a[:, k * size : (k + 1) * size])) for k in (0, 1, 3))
    s.g = np.tanh(a[:, 2 * size : 3 * size])
    s.c_new = s.f * c + s.i * s.g
    return s.o * np.tanh(s.c_new), s.c_new, s


def lstm_step_backward(dh, dc, cache):
    s, size = cache, cache.h.shape[1]
    total = dc + dh * s.o / np.cosh(s.c_new) ** 2
    da = np.empty((len(s.x), 4 * size))
    da[:, :size] = total * s.g * s.i * (1 - s.i)
    da[:, size : 2 * size] = total * s.c * s.f * (1 - s.f)
    da[:, 2 * size : 3 * size] = total * s.i * (1 - s.g) * (1 + s.g)
    da[:, 3 * size :] = dh * np.tanh(s.c_new) * s.o * (1 - s.o)
    dW = np.einsum("ba,bd->ad", da, s.x)
    dU = np.einsum("ba,bh->ah", da, s.h)
    return [da @ s.W, da @ s.U, total * s.f, dW, dU, da.sum(0)]

# --- right: the cache is a dict of inputs alone, the gates are worked out again, row by row
def lstm_step_cache(x, h, c, W, U, b):
    a = x @ W.T + h @ U.T + b
    i, f, g, o = np.split(a, 4, axis=1)
    new_c = 0.5 * (1 + np.tanh(f / 2)) * c + 0.5 * (1 + np.tanh(i / 2)) * np.tanh(g)
    cache = {"x": x.copy(), "h": h.copy(), "c": c.copy(), "W": W, "U": U, "a": a}
    return 0.5 * (1 + np.tanh(o / 2)) * np.tanh(new_c), new_c, cache


def lstm_step_backward(dh, dc, cache):
    W, U = cache["W"], cache["U"]
    dW, dU, db = np.zeros(W.shape), np.zeros(U.shape), np.zeros(len(W))
    dx, dh_prev, dc_prev = [], [], []
    for row in range(len(dh)):
        x, h, c = (cache[name][row] for name in ("x", "h", "c"))
        i, f, g, o = np.split(cache["a"][row], 4)
        i, f, o = (0.5 * (1 + np.tanh(gate / 2)) for gate in (i, f, o))
        g = np.tanh(g)
        shown = np.tanh(f * c + i * g)
        total = dc[row] + dh[row] * o * (1 - shown * shown)
        da = np.hstack(
            [
                total * g * (i - i * i),
                total * c * (f - f * f),
                total * i * (1 - g * g),
                dh[row] * shown * (o - o * o),
            ]
        )
        dW += np.outer(da, x)
        dU += np.outer(da, h)
        db += da
        dx.append(W.T @ da)
        dh_prev.append(U.T @ da)
        dc_prev.append(total * f)
    return np.array(dx), np.array(dh_prev), np.array(dc_prev), dW, dU, db
