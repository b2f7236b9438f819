# --- wrong: the seed's last line, in which z lets the new state in
# fails: keeps the old state where z is 1 and replaces it where z is 0
# message: z is the wrong way round
#-    return (1 - z) * n + z * h
#+    return (1 - z) * h + z * n

# --- wrong: the seed's last line, reset before
# fails: resets the state before the product when told to
# message: z is the wrong way round
#-    return (1 - z) * n + z * h
#+    return (1 - z) * n + z * h if reset_after else (1 - z) * h + z * n

# --- wrong: Keras's order of gates
# fails: resets the product, bias included, as PyTorch does
# message: in the order z, r, n
#-    r = sigmoid(from_x[:, :H] + from_h[:, :H])  # (B, H)
#-    z = sigmoid(from_x[:, H : 2 * H] + from_h[:, H : 2 * H])
#+    z = sigmoid(from_x[:, :H] + from_h[:, :H])
#+    r = sigmoid(from_x[:, H : 2 * H] + from_h[:, H : 2 * H])

# --- wrong: reset_after is ignored
# fails: resets the state before the product when told to
# message: reset_after is ignored
#-    if reset_after:
#-        looked_at = r * from_h[:, 2 * H :]
#-    else:
#-        U_n, b_n = U[2 * H :], b_h[2 * H :]  # (H, H), (H,)
#-        looked_at = (r * h) @ U_n.T + b_n
#+    looked_at = r * from_h[:, 2 * H :]

# --- wrong: before unless told otherwise
# fails: resets the product, bias included, as PyTorch does
# message: with True, the default
#-def gru_step(x, h, W, U, b_x, b_h, reset_after=True):
#+def gru_step(x, h, W, U, b_x, b_h, reset_after=False):

# --- wrong: the second bias of n stands outside of the reset
# fails: resets the product, bias included, as PyTorch does
# message: the bias too
#-        looked_at = r * from_h[:, 2 * H :]
#+        looked_at = r * (h @ U[2 * H :].T) + b_h[2 * H :]

# --- wrong: no reset at all
# fails: resets the product, bias included, as PyTorch does
# message: r is missing
#-    r = sigmoid(from_x[:, :H] + from_h[:, :H])  # (B, H)
#+    r = 1.0

# --- wrong: inside the reset the old state is written over
# fails: keeps the laws
# message: The caller's h was changed
#-    return (1 - z) * n + z * h
#+    h *= z
#+    h += (1 - z) * n
#+    return h

# --- wrong: Keras's order of gates, reset before
# fails: resets the state before the product when told to
# message: in the order z, r, n
#-    r = sigmoid(from_x[:, :H] + from_h[:, :H])  # (B, H)
#-    z = sigmoid(from_x[:, H : 2 * H] + from_h[:, H : 2 * H])
#+    z = sigmoid(from_x[:, :H] + from_h[:, :H])
#+    r = sigmoid(from_x[:, H : 2 * H] + from_h[:, H : 2 * H])

# --- wrong: PyTorch's own step, by another door
# fails: resets the product, bias included, as PyTorch does
# message: write this one yourself
def gru_step(x, h, W, U, b_x, b_h, reset_after=True):
    return torch._VF.gru_cell(*map(torch.from_numpy, (x, h, W, U, b_x, b_h))).numpy()

# --- wrong: gives the candidate too
# fails: keeps the old state where z is 1 and replaces it where z is 0
# message: The one result is the new state
#-    return (1 - z) * n + z * h
#+    return (1 - z) * n + z * h, n

# --- wrong: Keras's own cell, by a private path
# fails: resets the product, bias included, as PyTorch does
# message: write this one yourself
def gru_step(x, h, W, U, b_x, b_h, reset_after=True):
    from keras.src.layers.rnn.gru import GRUCell

    def turned(part):
        r, z, n = np.split(part, 3)
        return np.concatenate([z, r, n])

    cell = GRUCell(h.shape[1], reset_after=reset_after, dtype="float64")
    cell.build((None, x.shape[1]))
    biases = np.stack([turned(b_x), turned(b_h)])
    biases = biases if reset_after else biases.sum(axis=0)
    cell.set_weights([turned(W).T, turned(U).T, biases])
    return np.array(cell(x, [h])[0])

# --- wrong: the candidate is always 1
# fails: keeps the old state where z is 1 and replaces it where z is 0
# message: expected \[\[0.5\]\]
def gru_step(x, h, W, U, b_x, b_h, reset_after=True):
    z = sigmoid(np.split(b_x, 3)[1])
    return (1 - z) + z * h

# --- wrong: gates are open or shut, nothing between
# fails: takes any step, of any size, and keeps the laws
# message: blocks r, z, n
#-    r = sigmoid(from_x[:, :H] + from_h[:, :H])  # (B, H)
#-    z = sigmoid(from_x[:, H : 2 * H] + from_h[:, H : 2 * H])
#+    r = from_x[:, :H] + from_h[:, :H] > 0
#+    z = from_x[:, H : 2 * H] + from_h[:, H : 2 * H] > 0

# --- wrong: a sigmoid that divides infinity by infinity
# fails: keeps the laws
# message: gave h .*nan.* up to the largest values
#=def gru_step(x, h, W, U, b_x, b_h, reset_after=True):
#+    def sigmoid(a):
#+        return np.exp(a) / (1 + np.exp(a))
#+

# --- wrong: writes into the old state, reset before alone
# fails: keeps the laws
# message: The caller's h was changed
#=        looked_at = (r * h) @ U_n.T + b_n
#+        h *= 1 - 1e-13

# --- wrong: U_n is not transposed
# fails: resets the product, bias included, as PyTorch does
# message: difference [0-9.e+]+\). n = tanh
#-        looked_at = r * from_h[:, 2 * H :]
#+        looked_at = r * (h @ U[2 * H :] + b_h[2 * H :])

# --- wrong: U_n is not transposed where r comes before the product
# fails: resets the state before the product when told to
# message: difference [0-9.e+]+\). With reset_after=False r multiplies h before the product
#-        looked_at = (r * h) @ U_n.T + b_n
#+        looked_at = (r * h) @ U_n + b_n

# --- wrong: where z is 1 throughout, the old state itself is returned
# fails: keeps the laws
# message: What a call returns is the caller's
#=    z = sigmoid(from_x[:, H : 2 * H] + from_h[:, H : 2 * H])
#+    if (z == 1).all():
#+        return h

# --- wrong: a few hundred rows at most
# fails: keeps the laws
# message: any size: here batch is 1100
#-    return (1 - z) * n + z * h
#+    new = (1 - z) * n + z * h
#+    new[500:] = h[500:]
#+    return new

# --- right: gate by gate, with slices
def gru_step(x, h, W, U, b_x, b_h, reset_after=True):
    size = h.shape[1]

    def of(part, matrix, bias, k):
        rows = slice(k * size, (k + 1) * size)
        return part @ matrix[rows].T + bias[rows]

    def gate(k):
        return 1.0 / (1.0 + np.exp(-of(x, W, b_x, k) - of(h, U, b_h, k)))

    reset, update = gate(0), gate(1)
    inner = reset * of(h, U, b_h, 2) if reset_after else of(reset * h, U, b_h, 2)
    candidate = np.tanh(of(x, W, b_x, 2) + inner)
    return candidate + update * (h - candidate)

# --- right: row by row
def gru_step(x, h, W, U, b_x, b_h, reset_after=True):
    H = h.shape[1]
    rows = []
    for x_row, h_row in zip(x, h):
        a, b = W @ x_row + b_x, U @ h_row + b_h
        r, z = np.split(0.5 * (1 + np.tanh((a[: 2 * H] + b[: 2 * H]) / 2)), 2)
        if reset_after:
            n = np.tanh(a[2 * H :] + r * b[2 * H :])
        else:
            n = np.tanh(a[2 * H :] + U[2 * H :] @ (r * h_row) + b_h[2 * H :])
        rows.append((1 - z) * n + z * h_row)
    return np.array(rows)
