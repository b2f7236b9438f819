# --- wrong: the logistic's slope, as if tanh lay between 0 and 1
# fails: multiplies slopes and weight of a single unit, 1 at the end
# message: as if tanh lay between 0 and 1
#-        J = J @ ((1 - H[t] ** 2)[:, None] * W_hh)  # one step further back
#+        J = J @ ((H[t] * (1 - H[t]))[:, None] * W_hh)

# --- wrong: the weights alone, no slope
# fails: multiplies slopes and weight of a single unit, 1 at the end
# message: slope of tanh is missing
#-        J = J @ ((1 - H[t] ** 2)[:, None] * W_hh)  # one step further back
#+        J = J @ W_hh

# --- wrong: the slope at the state before the step
# fails: multiplies slopes and weight of a single unit, 1 at the end
# message: state before the step
#-        J = J @ ((1 - H[t] ** 2)[:, None] * W_hh)  # one step further back
#+        J = J @ ((1 - H[t - 1] ** 2)[:, None] * W_hh)

# --- wrong: the slope on the columns
# fails: multiplies matrices in the right order and takes the largest singular value
# message: columns of W_hh
#-        J = J @ ((1 - H[t] ** 2)[:, None] * W_hh)  # one step further back
#+        J = J @ (W_hh * (1 - H[t] ** 2))

# --- wrong: the factors in the other order
# fails: multiplies matrices in the right order and takes the largest singular value
# message: multiplied in the other order
#-        J = J @ ((1 - H[t] ** 2)[:, None] * W_hh)  # one step further back
#+        J = ((1 - H[t] ** 2)[:, None] * W_hh) @ J

# --- wrong: Frobenius norms
# fails: multiplies matrices in the right order and takes the largest singular value
# message: Frobenius norm, the root of the sum of all squares
#-        norms[t] = np.linalg.norm(J, 2)
#+        norms[t] = np.linalg.norm(J)

# --- wrong: the largest eigenvalue
# fails: multiplies matrices in the right order and takes the largest singular value
# message: largest eigenvalue
#-        norms[t] = np.linalg.norm(J, 2)
#+        norms[t] = np.abs(np.linalg.eigvals(J)).max()

# --- wrong: a product of norms
# fails: multiplies matrices in the right order and takes the largest singular value
# message: norms of the steps were multiplied
#-        J = J @ ((1 - H[t] ** 2)[:, None] * W_hh)  # one step further back
#+        J = J * np.linalg.norm((1 - H[t] ** 2)[:, None] * W_hh, 2)

# --- wrong: in reverse
# fails: multiplies slopes and weight of a single unit, 1 at the end
# message: list is in reverse
#-    return norms
#+    return norms[::-1]

# --- wrong: without the identity at the end
# fails: multiplies slopes and weight of a single unit, 1 at the end
# message: the last one too
#-    return norms
#+    return norms[:-1]

# --- wrong: one step too many
# fails: multiplies slopes and weight of a single unit, 1 at the end
# message: last norm is 1
#-        norms[t] = np.linalg.norm(J, 2)
#
#=        J = J @ ((1 - H[t] ** 2)[:, None] * W_hh)  # one step further back
#+        norms[t] = np.linalg.norm(J, 2)

# --- wrong: the seed's explanation taken at its word, a gradient that never grows
# fails: multiplies slopes and weight of a single unit, 1 at the end
# message: norms are cut at 1
#-        norms[t] = np.linalg.norm(J, 2)
#+        norms[t] = min(1.0, np.linalg.norm(J, 2))

# --- wrong: Frobenius norms, seen by the hidden check of saturated states
# fails: lets nothing through a saturated state, whatever its sign
# message: ^It looks like it is a Frobenius norm
#-        norms[t] = np.linalg.norm(J, 2)
#+        norms[t] = np.linalg.norm(J)

# --- wrong: the other order, seen by the hidden check of saturated states
# fails: lets nothing through a saturated state, whatever its sign
# message: ^It looks like the matrices are multiplied in the other order
#-        J = J @ ((1 - H[t] ** 2)[:, None] * W_hh)  # one step further back
#+        J = ((1 - H[t] ** 2)[:, None] * W_hh) @ J

# --- wrong: the slope without the square
# fails: multiplies slopes and weight of a single unit, 1 at the end
# message: the slope is 1 - h², h squared
#-        J = J @ ((1 - H[t] ** 2)[:, None] * W_hh)  # one step further back
#+        J = J @ ((1 - np.abs(H[t]))[:, None] * W_hh)

# --- wrong: the slope of the last state
# fails: multiplies slopes and weight of a single unit, 1 at the end
# message: slope of tanh is missing. Or the slope of the last state
#-        J = J @ ((1 - H[t] ** 2)[:, None] * W_hh)  # one step further back
#+        J = J @ ((1 - H[-1] ** 2)[:, None] * W_hh)

# --- wrong: the slope of the state after
# fails: agrees with small changes of any state of any network, and keeps the laws
# message: taken one state late
#-        J = J @ ((1 - H[t] ** 2)[:, None] * W_hh)  # one step further back
#+        J = J @ ((1 - H[min(t + 1, len(H) - 1)] ** 2)[:, None] * W_hh)

# --- wrong: W_hh is transposed, where two causes fit
# fails: multiplies matrices in the right order and takes the largest singular value
# message: columns of W_hh.* Or W_hh was transposed
#-        J = J @ ((1 - H[t] ** 2)[:, None] * W_hh)  # one step further back
#+        J = J @ ((1 - H[t] ** 2)[:, None] * W_hh.T)

# --- wrong: W_hh is transposed
# fails: agrees with small changes of any state of any network, and keeps the laws
# message: ^It looks like W_hh was transposed
#-        J = J @ ((1 - H[t] ** 2)[:, None] * W_hh)  # one step further back
#+        J = J @ ((1 - H[t] ** 2)[:, None] * W_hh.T)

# --- wrong: entry by entry
# fails: agrees with small changes of any state of any network, and keeps the laws
# message: ^It looks like `\*` stands where a matrix product
#-        J = J @ ((1 - H[t] ** 2)[:, None] * W_hh)  # one step further back
#+        J = J * ((1 - H[t] ** 2)[:, None] * W_hh)

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

# --- wrong: goes back a hundred steps
# fails: keeps the laws
# message: any size: here steps is 300
#-    norms = np.empty(len(H))  # (T,)
#+    norms = np.zeros(len(H))
#
#-    for t in reversed(range(len(H))):
#+    for t in reversed(range(len(H))[-100:]):

# --- wrong: what is below 1e-15 counts as nothing
# fails: multiplies slopes and weight of a single unit, 1 at the end
# message: A small norm counts as well
#-        norms[t] = np.linalg.norm(J, 2)
#+        norms[t] = np.linalg.norm(J, 2) if np.abs(J).max() > 1e-15 else 0.0

# --- wrong: a slope is never quite 0
# fails: multiplies slopes and weight of a single unit, 1 at the end
# message: Where a state is 1 the slope is 0
#-        J = J @ ((1 - H[t] ** 2)[:, None] * W_hh)  # one step further back
#+        J = J @ (np.maximum(1 - H[t] ** 2, 1e-9)[:, None] * W_hh)

# --- wrong: settled states share the slope of the last
# fails: multiplies slopes and weight of a single unit, 1 at the end
# message: slope of the last state|small norm
#=    norms = np.empty(len(H))  # (T,)
#+    if np.allclose(H, H[-1], atol=1e-3):
#+        H = np.tile(H[-1], (len(H), 1))

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
