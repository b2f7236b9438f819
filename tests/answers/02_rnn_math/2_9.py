# --- wrong: the logistic's slope, as if tanh lay between 0 and 1
# fails: multiplies slopes and weight of a single unit, 1 at the end
# message: as if tanh lay between 0 and 1
def jacobian_norms(W_hh, H):
    norms = np.empty(len(H))
    J = np.eye(len(W_hh))
    for t in reversed(range(len(H))):
        norms[t] = np.linalg.norm(J, 2)
        J = J @ ((H[t] * (1 - H[t]))[:, None] * W_hh)
    return norms

# --- wrong: the weights alone, no slope
# fails: multiplies slopes and weight of a single unit, 1 at the end
# message: slope of tanh is missing
def jacobian_norms(W_hh, H):
    T = len(H)
    powers = [np.linalg.matrix_power(W_hh, T - 1 - t) for t in range(T)]
    return np.array([np.linalg.norm(P, 2) for P in powers])

# --- wrong: the slope at the state before the step
# fails: multiplies slopes and weight of a single unit, 1 at the end
# message: state before the step
def jacobian_norms(W_hh, H):
    norms = np.ones(len(H))
    J = np.eye(len(W_hh))
    for t in reversed(range(len(H) - 1)):
        J = J @ ((1 - H[t] ** 2)[:, None] * W_hh)
        norms[t] = np.linalg.norm(J, 2)
    return norms

# --- wrong: the slope on the columns
# fails: multiplies matrices in the right order and takes the largest singular value
# message: columns of W_hh
def jacobian_norms(W_hh, H):
    norms = np.empty(len(H))
    J = np.eye(len(W_hh))
    for t in reversed(range(len(H))):
        norms[t] = np.linalg.norm(J, 2)
        J = J @ (W_hh * (1 - H[t] ** 2))
    return norms

# --- wrong: the factors in the other order
# fails: multiplies matrices in the right order and takes the largest singular value
# message: multiplied in the other order
def jacobian_norms(W_hh, H):
    norms = np.empty(len(H))
    J = np.eye(len(W_hh))
    for t in reversed(range(len(H))):
        norms[t] = np.linalg.norm(J, 2)
        J = ((1 - H[t] ** 2)[:, None] * W_hh) @ J
    return norms

# --- wrong: Frobenius norms
# fails: multiplies matrices in the right order and takes the largest singular value
# message: Frobenius norm, the root of the sum of all squares
def jacobian_norms(W_hh, H):
    norms = np.empty(len(H))
    J = np.eye(len(W_hh))
    for t in reversed(range(len(H))):
        norms[t] = np.linalg.norm(J)
        J = J @ ((1 - H[t] ** 2)[:, None] * W_hh)
    return norms

# --- wrong: the largest eigenvalue
# fails: multiplies matrices in the right order and takes the largest singular value
# message: largest eigenvalue
def jacobian_norms(W_hh, H):
    norms = np.empty(len(H))
    J = np.eye(len(W_hh))
    for t in reversed(range(len(H))):
        norms[t] = np.abs(np.linalg.eigvals(J)).max()
        J = J @ ((1 - H[t] ** 2)[:, None] * W_hh)
    return norms

# --- wrong: a product of norms
# fails: multiplies matrices in the right order and takes the largest singular value
# message: norms of the steps were multiplied
def jacobian_norms(W_hh, H):
    norms = np.ones(len(H))
    for t in reversed(range(len(H) - 1)):
        step = (1 - H[t + 1] ** 2)[:, None] * W_hh
        norms[t] = norms[t + 1] * np.linalg.norm(step, 2)
    return norms

# --- wrong: in reverse
# fails: multiplies slopes and weight of a single unit, 1 at the end
# message: list is in reverse
def jacobian_norms(W_hh, H):
    norms = []
    J = np.eye(len(W_hh))
    for h in H[::-1]:
        norms.append(np.linalg.norm(J, 2))
        J = J @ ((1 - h**2)[:, None] * W_hh)
    return np.array(norms)

# --- wrong: without the identity at the end
# fails: multiplies slopes and weight of a single unit, 1 at the end
# message: the last one too
def jacobian_norms(W_hh, H):
    norms = []
    J = np.eye(len(W_hh))
    for t in reversed(range(1, len(H))):
        J = J @ ((1 - H[t] ** 2)[:, None] * W_hh)
        norms.insert(0, np.linalg.norm(J, 2))
    return np.array(norms)

# --- wrong: one step too many
# fails: multiplies slopes and weight of a single unit, 1 at the end
# message: last norm is 1
def jacobian_norms(W_hh, H):
    norms = np.empty(len(H))
    J = np.eye(len(W_hh))
    for t in reversed(range(len(H))):
        J = J @ ((1 - H[t] ** 2)[:, None] * W_hh)
        norms[t] = np.linalg.norm(J, 2)
    return norms

# --- wrong: the seed's explanation taken at its word, a gradient that never grows
# fails: multiplies slopes and weight of a single unit, 1 at the end
# message: norms are cut at 1
def jacobian_norms(W_hh, H):
    norms = np.empty(len(H))
    J = np.eye(len(W_hh))
    for t in reversed(range(len(H))):
        norms[t] = min(1.0, np.linalg.norm(J, 2))
        J = J @ ((1 - H[t] ** 2)[:, None] * W_hh)
    return norms

# --- wrong: Frobenius norms, seen by the hidden check of saturated states
# fails: lets nothing through a saturated state, whatever its sign
# message: ^It looks like it is a Frobenius norm
def jacobian_norms(W_hh, H):
    norms = np.ones(len(H))
    J = np.eye(len(W_hh))
    for t in reversed(range(1, len(H))):
        J = J @ ((1 - H[t] ** 2)[:, None] * W_hh)
        norms[t - 1] = np.linalg.norm(J)
    return norms

# --- wrong: the other order, seen by the hidden check of saturated states
# fails: lets nothing through a saturated state, whatever its sign
# message: ^It looks like the matrices are multiplied in the other order
def jacobian_norms(W_hh, H):
    norms = np.ones(len(H))
    J = np.eye(len(W_hh))
    for t in reversed(range(1, len(H))):
        J = ((1 - H[t] ** 2)[:, None] * W_hh) @ J
        norms[t - 1] = np.linalg.norm(J, 2)
    return norms

# --- wrong: the slope without the square
# fails: multiplies slopes and weight of a single unit, 1 at the end
# message: the slope is 1 - h², h squared
def jacobian_norms(W_hh, H):
    norms = np.ones(len(H))
    J = np.eye(len(W_hh))
    for t in reversed(range(1, len(H))):
        J = J @ ((1 - np.abs(H[t]))[:, None] * W_hh)
        norms[t - 1] = np.linalg.norm(J, 2)
    return norms

# --- wrong: the slope of the last state
# fails: multiplies slopes and weight of a single unit, 1 at the end
# message: slope of tanh is missing. Or the slope of the last state
def jacobian_norms(W_hh, H):
    norms = np.ones(len(H))
    J = np.eye(len(W_hh))
    for t in reversed(range(1, len(H))):
        J = J @ ((1 - H[-1] ** 2)[:, None] * W_hh)
        norms[t - 1] = np.linalg.norm(J, 2)
    return norms

# --- wrong: the slope of the state after
# fails: agrees with small changes of any state of any network
# message: taken one state late
def jacobian_norms(W_hh, H):
    norms = np.ones(len(H))
    J = np.eye(len(W_hh))
    for t in reversed(range(1, len(H))):
        J = J @ ((1 - H[min(t + 1, len(H) - 1)] ** 2)[:, None] * W_hh)
        norms[t - 1] = np.linalg.norm(J, 2)
    return norms

# --- wrong: W_hh is transposed, where two causes fit
# fails: multiplies matrices in the right order and takes the largest singular value
# message: columns of W_hh.* Or W_hh was transposed
def jacobian_norms(W_hh, H):
    norms = np.ones(len(H))
    J = np.eye(len(W_hh))
    for t in reversed(range(1, len(H))):
        J = J @ ((1 - H[t] ** 2)[:, None] * W_hh.T)
        norms[t - 1] = np.linalg.norm(J, 2)
    return norms

# --- wrong: W_hh is transposed
# fails: agrees with small changes of any state of any network
# message: ^It looks like W_hh was transposed
def jacobian_norms(W_hh, H):
    norms = np.ones(len(H))
    J = np.eye(len(W_hh))
    for t in reversed(range(1, len(H))):
        J = J @ ((1 - H[t] ** 2)[:, None] * W_hh.T)
        norms[t - 1] = np.linalg.norm(J, 2)
    return norms

# --- wrong: entry by entry
# fails: agrees with small changes of any state of any network
# message: ^It looks like `\*` stands where a matrix product
def jacobian_norms(W_hh, H):
    norms = np.ones(len(H))
    J = np.eye(len(W_hh))
    for t in reversed(range(1, len(H))):
        J = J * ((1 - H[t] ** 2)[:, None] * W_hh)
        norms[t - 1] = np.linalg.norm(J, 2)
    return norms

# --- wrong: by torch's automatic derivatives
# fails: multiplies slopes and weight of a single unit, 1 at the end
# message: write this one yourself
def jacobian_norms(W_hh, H):
    W, norms = torch.tensor(W_hh), []
    for t in range(len(H)):
        start = torch.tensor(H[t], requires_grad=True)
        h = start
        for k in range(t + 1, len(H)):
            inputs = np.arctanh(H[k]) - W_hh @ H[k - 1]
            h = torch.tanh(W @ h + torch.tensor(inputs))
        rows = [torch.autograd.grad(unit, start, retain_graph=True)[0] for unit in h]
        norms.append(np.linalg.norm(torch.stack(rows).numpy(), 2))
    return np.array(norms)

# --- right: every product from scratch, with diagonal matrices and the SVD
def jacobian_norms(W_hh, H):
    T = H.shape[0]
    norms = []
    for t in range(T):
        J = np.identity(H.shape[1])
        for s in range(t + 1, T):
            J = np.diag(1 - H[s] ** 2) @ W_hh @ J
        norms.append(np.linalg.svd(J, compute_uv=False)[0])
    return np.array(norms)

# --- right: the transposed product, and the norm from its Gram matrix
def jacobian_norms(W_hh, H):
    steps, hidden = H.shape
    out = np.ones(steps)
    G = np.eye(hidden)
    for t in range(steps - 2, -1, -1):
        slope = (1 - H[t + 1]) * (1 + H[t + 1])
        G = np.einsum("kh,k,kj->hj", W_hh, slope, G)
        out[t] = np.sqrt(max(np.linalg.eigvalsh(G @ G.T)[-1], 0.0))
    return out
