# --- wrong: the seed's last line, in which z lets the new state in
# fails: keeps the old state where z is 1 and replaces it where z is 0
# message: z is the wrong way round
def gru_step(x, h, W, U, b_x, b_h, reset_after=True):
    def squash(a):
        return 1 / (1 + np.exp(-a))

    x_r, x_z, x_n = np.split(x @ W.T + b_x, 3, axis=1)
    h_r, h_z, h_n = np.split(h @ U.T + b_h, 3, axis=1)
    r, z = squash(x_r + h_r), squash(x_z + h_z)
    if not reset_after:
        h_n = (r * h) @ np.split(U, 3)[2].T + np.split(b_h, 3)[2]
        return (1 - z) * h + z * np.tanh(x_n + h_n)
    return (1 - z) * h + z * np.tanh(x_n + r * h_n)


# --- wrong: the seed's last line, reset before
# fails: resets the state before the product when told to
# message: z is the wrong way round
def gru_step(x, h, W, U, b_x, b_h, reset_after=True):
    def squash(a):
        return 1 / (1 + np.exp(-a))

    x_r, x_z, x_n = np.split(x @ W.T + b_x, 3, axis=1)
    h_r, h_z, h_n = np.split(h @ U.T + b_h, 3, axis=1)
    r, z = squash(x_r + h_r), squash(x_z + h_z)
    if reset_after:
        return (1 - z) * np.tanh(x_n + r * h_n) + z * h
    h_n = (r * h) @ np.split(U, 3)[2].T + np.split(b_h, 3)[2]
    return (1 - z) * h + z * np.tanh(x_n + h_n)


# --- wrong: Keras's order of gates
# fails: resets the product, bias included, as PyTorch does
# message: in the order z, r, n
def gru_step(x, h, W, U, b_x, b_h, reset_after=True):
    def squash(a):
        return 1 / (1 + np.exp(-a))

    x_z, x_r, x_n = np.split(x @ W.T + b_x, 3, axis=1)
    h_z, h_r, h_n = np.split(h @ U.T + b_h, 3, axis=1)
    r, z = squash(x_r + h_r), squash(x_z + h_z)
    if reset_after:
        n = np.tanh(x_n + r * h_n)
    else:
        n = np.tanh(x_n + (r * h) @ np.split(U, 3)[2].T + np.split(b_h, 3)[2])
    return (1 - z) * n + z * h


# --- wrong: reset_after is ignored
# fails: resets the state before the product when told to
# message: reset_after is ignored
def gru_step(x, h, W, U, b_x, b_h, reset_after=True):
    def squash(a):
        return 1 / (1 + np.exp(-a))

    x_r, x_z, x_n = np.split(x @ W.T + b_x, 3, axis=1)
    h_r, h_z, h_n = np.split(h @ U.T + b_h, 3, axis=1)
    r, z = squash(x_r + h_r), squash(x_z + h_z)
    return (1 - z) * np.tanh(x_n + r * h_n) + z * h


# --- wrong: before unless told otherwise
# fails: resets the product, bias included, as PyTorch does
# message: with True, the default
def gru_step(x, h, W, U, b_x, b_h, reset_after=False):
    def squash(a):
        return 1 / (1 + np.exp(-a))

    x_r, x_z, x_n = np.split(x @ W.T + b_x, 3, axis=1)
    h_r, h_z, h_n = np.split(h @ U.T + b_h, 3, axis=1)
    r, z = squash(x_r + h_r), squash(x_z + h_z)
    if reset_after:
        n = np.tanh(x_n + r * h_n)
    else:
        n = np.tanh(x_n + (r * h) @ np.split(U, 3)[2].T + np.split(b_h, 3)[2])
    return (1 - z) * n + z * h


# --- wrong: the second bias of n stands outside of the reset
# fails: resets the product, bias included, as PyTorch does
# message: the bias too
def gru_step(x, h, W, U, b_x, b_h, reset_after=True):
    def squash(a):
        return 1 / (1 + np.exp(-a))

    size = h.shape[1]
    W_r, W_z, W_n = np.split(W, 3)
    U_r, U_z, U_n = np.split(U, 3)
    b = b_x + b_h
    r = squash(x @ W_r.T + h @ U_r.T + b[:size])
    z = squash(x @ W_z.T + h @ U_z.T + b[size : 2 * size])
    inner = r * (h @ U_n.T) if reset_after else (r * h) @ U_n.T
    n = np.tanh(x @ W_n.T + inner + b[2 * size :])
    return (1 - z) * n + z * h


# --- wrong: no reset at all
# fails: resets the product, bias included, as PyTorch does
# message: r is missing
def gru_step(x, h, W, U, b_x, b_h, reset_after=True):
    def squash(a):
        return 1 / (1 + np.exp(-a))

    _, z, n = np.split(x @ W.T + h @ U.T + b_x + b_h, 3, axis=1)
    z = squash(z)
    return (1 - z) * np.tanh(n) + z * h


# --- wrong: inside the reset the old state is written over
# fails: leaves its arguments as they were
# message: The caller's h was changed
def gru_step(x, h, W, U, b_x, b_h, reset_after=True):
    def squash(a):
        return 1 / (1 + np.exp(-a))

    x_r, x_z, x_n = np.split(x @ W.T + b_x, 3, axis=1)
    h_r, h_z, h_n = np.split(h @ U.T + b_h, 3, axis=1)
    r, z = squash(x_r + h_r), squash(x_z + h_z)
    if reset_after:
        n = np.tanh(x_n + r * h_n)
    else:
        n = np.tanh(x_n + (r * h) @ np.split(U, 3)[2].T + np.split(b_h, 3)[2])
    h *= z
    h += (1 - z) * n
    return h


# --- wrong: Keras's order of gates, reset before
# fails: resets the state before the product when told to
# message: in the order z, r, n
def gru_step(x, h, W, U, b_x, b_h, reset_after=True):
    H = h.shape[1]
    from_x, from_h = x @ W.T + b_x, h @ U.T + b_h
    z = sigmoid(from_x[:, :H] + from_h[:, :H])
    r = sigmoid(from_x[:, H : 2 * H] + from_h[:, H : 2 * H])
    inner = r * from_h[:, 2 * H :] if reset_after else (r * h) @ U[2 * H :].T + b_h[2 * H :]
    n = np.tanh(from_x[:, 2 * H :] + inner)
    return (1 - z) * n + z * h


# --- wrong: PyTorch's own step, by another door
# fails: resets the product, bias included, as PyTorch does
# message: write this one yourself
def gru_step(x, h, W, U, b_x, b_h, reset_after=True):
    return torch._VF.gru_cell(*map(torch.from_numpy, (x, h, W, U, b_x, b_h))).numpy()


# --- wrong: gives the candidate too
# fails: keeps the old state where z is 1 and replaces it where z is 0
# message: The one result is the new state
def gru_step(x, h, W, U, b_x, b_h, reset_after=True):
    H = h.shape[1]
    from_x, from_h = x @ W.T + b_x, h @ U.T + b_h
    r = sigmoid(from_x[:, :H] + from_h[:, :H])
    z = sigmoid(from_x[:, H : 2 * H] + from_h[:, H : 2 * H])
    inner = r * from_h[:, 2 * H :] if reset_after else (r * h) @ U[2 * H :].T + b_h[2 * H :]
    n = np.tanh(from_x[:, 2 * H :] + inner)
    return (1 - z) * n + z * h, n


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
# fails: gives numbers where the gates are driven to their ends
# message: With large sums a gate is 0 or 1
def gru_step(x, h, W, U, b_x, b_h, reset_after=True):
    a, b = np.split(x @ W.T + b_x, 3, axis=1), np.split(h @ U.T + b_h, 3, axis=1)
    r, z = a[0] + b[0] > 0, a[1] + b[1] > 0
    n = np.tanh(a[2] + r * b[2])
    return np.where(z, h, n)


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
