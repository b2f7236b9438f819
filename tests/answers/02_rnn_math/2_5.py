# --- wrong: the mean is over padding too
# fails: gives the loss and its gradient at one position that counts
# message: divided by all positions, padding too
def softmax_cross_entropy(logits, targets, mask):
    shifted = logits - logits.max(axis=-1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))
    safe = np.where(mask, targets, 0)
    losses = -np.take_along_axis(log_p, safe[..., None], axis=-1)[..., 0] * mask
    dlogits = np.exp(log_p) - np.eye(logits.shape[-1])[safe]
    return losses.mean(), dlogits * mask[..., None] / mask.size

# --- wrong: exp of the logits as they are
# fails: is finite for logits of 10,000
# message: not finite
def softmax_cross_entropy(logits, targets, mask):
    p = np.exp(logits) / np.exp(logits).sum(axis=-1, keepdims=True)
    count = max(mask.sum(), 1)
    dlogits = p.copy()
    loss = 0.0
    for b, t in np.argwhere(mask):
        if not 0 <= targets[b, t] < logits.shape[-1]:
            raise IndexError(f"target {targets[b, t]} has no class")
        loss -= np.log(p[b, t, targets[b, t]])
        dlogits[b, t, targets[b, t]] -= 1
    return loss / count, dlogits * mask[..., None] / count

# --- wrong: a tiny number inside the logarithm
# fails: is finite for logits of 10,000
# message: has a floor
def softmax_cross_entropy(logits, targets, mask):
    p = np.exp(logits - logits.max(axis=-1, keepdims=True))
    p /= p.sum(axis=-1, keepdims=True)
    count = max(mask.sum(), 1)
    dlogits = p.copy()
    loss = 0.0
    for b, t in np.argwhere(mask):
        if not 0 <= targets[b, t] < logits.shape[-1]:
            raise IndexError(f"target {targets[b, t]} has no class")
        loss -= np.log(p[b, t, targets[b, t]] + 1e-12)
        dlogits[b, t, targets[b, t]] -= 1
    return loss / count, dlogits * mask[..., None] / count

# --- wrong: the gradient is that of the sum
# fails: averages over the positions that count, whatever the masked targets hold
# message: dlogits was not divided
def softmax_cross_entropy(logits, targets, mask):
    shifted = logits - logits.max(axis=-1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))
    safe = np.where(mask, targets, 0)
    losses = -np.take_along_axis(log_p, safe[..., None], axis=-1)[..., 0] * mask
    dlogits = np.exp(log_p) - np.eye(logits.shape[-1])[safe]
    return losses.sum() / max(mask.sum(), 1), dlogits * mask[..., None]

# --- wrong: masked positions get a gradient
# fails: gives the loss and its gradient at one position that counts
# message: 0 at masked positions
def softmax_cross_entropy(logits, targets, mask):
    shifted = logits - logits.max(axis=-1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))
    safe = np.where(mask, targets, 0)
    losses = -np.take_along_axis(log_p, safe[..., None], axis=-1)[..., 0] * mask
    count = max(mask.sum(), 1)
    return losses.sum() / count, (np.exp(log_p) - np.eye(logits.shape[-1])[safe]) / count

# --- wrong: 0 / 0 where everything is masked
# fails: gives 0 when everything is masked, ignores masked targets, refuses wrong ones that count
# message: nothing to divide by
def softmax_cross_entropy(logits, targets, mask):
    V = logits.shape[-1]
    for target in targets[mask]:
        if not 0 <= target < V:
            raise IndexError(f"target {target} is outside 0 to {V - 1}")
    shifted = logits - logits.max(axis=-1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))
    safe = np.where(mask, targets, 0)
    losses = -np.take_along_axis(log_p, safe[..., None], axis=-1)[..., 0][mask]
    dlogits = (np.exp(log_p) - np.eye(V)[safe]) * mask[..., None] / mask.sum()
    return losses.mean(), dlogits

# --- wrong: a mean of the rows' means
# fails: averages over the positions that count, whatever the masked targets hold
# message: mean of the rows' means
def softmax_cross_entropy(logits, targets, mask):
    shifted = logits - logits.max(axis=-1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))
    safe = np.where(mask, targets, 0)
    losses = -np.take_along_axis(log_p, safe[..., None], axis=-1)[..., 0] * mask
    rows = np.maximum(mask.sum(axis=1), 1)
    dlogits = np.exp(log_p) - np.eye(logits.shape[-1])[safe]
    dlogits *= (mask / rows[:, None] / len(mask))[..., None]
    return (losses.sum(axis=1) / rows).mean(), dlogits

# --- wrong: bits
# fails: gives the loss and its gradient at one position that counts
# message: logarithm has base 2
def softmax_cross_entropy(logits, targets, mask):
    shifted = logits - logits.max(axis=-1, keepdims=True)
    p = np.exp(shifted) / np.exp(shifted).sum(axis=-1, keepdims=True)
    safe = np.where(mask, targets, 0)
    losses = -np.log2(np.take_along_axis(p, safe[..., None], axis=-1)[..., 0]) * mask
    count = max(mask.sum(), 1)
    dlogits = (p - np.eye(logits.shape[-1])[safe]) * mask[..., None]
    return losses.sum() / count, dlogits / count

# --- wrong: softmax over time
# fails: gives the loss and its gradient at one position that counts
# message: -log softmax
def softmax_cross_entropy(logits, targets, mask):
    shifted = logits - logits.max(axis=1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    safe = np.where(mask, targets, 0)
    losses = -np.take_along_axis(log_p, safe[..., None], axis=-1)[..., 0] * mask
    count = max(mask.sum(), 1)
    dlogits = (np.exp(log_p) - np.eye(logits.shape[-1])[safe]) * mask[..., None]
    return losses.sum() / count, dlogits / count

# --- wrong: ignored targets are used as indices
# fails: averages over the positions that count, whatever the masked targets hold
# message: raised IndexError
def softmax_cross_entropy(logits, targets, mask):
    shifted = logits - logits.max(axis=-1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))
    losses = -np.take_along_axis(log_p, targets[..., None], axis=-1)[..., 0] * mask
    count = max(mask.sum(), 1)
    dlogits = (np.exp(log_p) - np.eye(logits.shape[-1])[targets]) * mask[..., None]
    return losses.sum() / count, dlogits / count

# --- wrong: -1 is the last class
# fails: gives 0 when everything is masked, ignores masked targets, refuses wrong ones that count
# message: IndexError that names it
def softmax_cross_entropy(logits, targets, mask):
    shifted = logits - logits.max(axis=-1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))
    safe = np.where(mask, targets, 0)
    losses = -np.take_along_axis(log_p, safe[..., None], axis=-1)[..., 0] * mask
    count = max(mask.sum(), 1)
    dlogits = (np.exp(log_p) - np.eye(logits.shape[-1])[safe]) * mask[..., None]
    return losses.sum() / count, dlogits / count

# --- wrong: the caller's logits become probabilities
# fails: gives the loss and gradient of any batch, and leaves its arguments alone
# message: caller's logits was changed
def softmax_cross_entropy(logits, targets, mask):
    logits -= logits.max(axis=-1, keepdims=True)
    log_p = logits - np.log(np.exp(logits).sum(axis=-1, keepdims=True))
    safe = np.where(mask, targets, 0)
    losses = -np.take_along_axis(log_p, safe[..., None], axis=-1)[..., 0] * mask
    count = max(mask.sum(), 1)
    dlogits = (np.exp(log_p) - np.eye(logits.shape[-1])[safe]) * mask[..., None]
    return losses.sum() / count, dlogits / count

# --- wrong: the gradient the other way round
# fails: gives the loss and its gradient at one position that counts
# message: sign of dlogits
def softmax_cross_entropy(logits, targets, mask):
    shifted = logits - logits.max(axis=-1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))
    safe = np.where(mask, targets, 0)
    losses = -np.take_along_axis(log_p, safe[..., None], axis=-1)[..., 0] * mask
    count = max(mask.sum(), 1)
    dlogits = (np.eye(logits.shape[-1])[safe] - np.exp(log_p)) * mask[..., None]
    return losses.sum() / count, dlogits / count

# --- wrong: the sum's logarithm has base 2, the score is as it was
# fails: averages over the positions that count, whatever the masked targets hold
# message: logarithm has base 2
def softmax_cross_entropy(logits, targets, mask):
    V = logits.shape[-1]
    for target in targets[mask]:
        if not 0 <= target < V:
            raise IndexError(f"target {target} is outside 0 to {V - 1}")
    shifted = logits - logits.max(axis=-1, keepdims=True)
    log_p = shifted - np.log2(np.exp(shifted).sum(axis=-1, keepdims=True))
    one_hot = np.eye(V)[np.where(mask, targets, 0)]
    count = max(mask.sum(), 1)
    loss = -(log_p * one_hot).sum(axis=-1)[mask].sum() / count
    return loss, (np.exp(log_p) - one_hot) * mask[..., None] / count

# --- wrong: the mask is multiplied into the logits
# fails: gives the loss and its gradient at one position that counts
# message: masked logits were set to 0
def softmax_cross_entropy(logits, targets, mask):
    V = logits.shape[-1]
    for target in targets[mask]:
        if not 0 <= target < V:
            raise IndexError(f"target {target} is outside 0 to {V - 1}")
    logits = logits * mask[..., None]
    shifted = logits - logits.max(axis=-1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))
    one_hot = np.eye(V)[np.where(mask, targets, 0)]
    count = max(mask.sum(), 1)
    loss = -(log_p * one_hot).sum(axis=-1).sum() / count
    return loss, (np.exp(log_p) - one_hot) * mask[..., None] / count

# --- wrong: one-hot is added
# fails: gives the loss and its gradient at one position that counts
# message: one-hot was added
def softmax_cross_entropy(logits, targets, mask):
    V = logits.shape[-1]
    for target in targets[mask]:
        if not 0 <= target < V:
            raise IndexError(f"target {target} is outside 0 to {V - 1}")
    shifted = logits - logits.max(axis=-1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))
    one_hot = np.eye(V)[np.where(mask, targets, 0)]
    count = max(mask.sum(), 1)
    loss = -(log_p * one_hot).sum(axis=-1)[mask].sum() / count
    return loss, (np.exp(log_p) + one_hot) * mask[..., None] / count

# --- wrong: masked targets are looked at too
# fails: averages over the positions that count, whatever the masked targets hold
# message: A masked position is ignored
def softmax_cross_entropy(logits, targets, mask):
    V = logits.shape[-1]
    for target in targets.ravel():
        if not 0 <= target < V:
            raise IndexError(f"target {target} is outside 0 to {V - 1}")
    shifted = logits - logits.max(axis=-1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))
    one_hot = np.eye(V)[np.where(mask, targets, 0)]
    count = max(mask.sum(), 1)
    loss = -(log_p * one_hot).sum(axis=-1)[mask].sum() / count
    return loss, (np.exp(log_p) - one_hot) * mask[..., None] / count

# --- wrong: masked targets are looked at too, seen by the hidden check
# fails: gives 0 when everything is masked, ignores masked targets, refuses wrong ones that count
# message: ^A masked position is ignored|A masked one may be anything
def softmax_cross_entropy(logits, targets, mask):
    V = logits.shape[-1]
    for target in targets.ravel():
        if not 0 <= target < V:
            raise IndexError(f"target {target} is outside 0 to {V - 1}")
    shifted = logits - logits.max(axis=-1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))
    one_hot = np.eye(V)[np.where(mask, targets, 0)]
    count = max(mask.sum(), 1)
    loss = -(log_p * one_hot).sum(axis=-1)[mask].sum() / count
    return loss, (np.exp(log_p) - one_hot) * mask[..., None] / count

# --- wrong: a message that lists every number
# fails: gives 0 when everything is masked, ignores masked targets, refuses wrong ones that count
# message: ^A message names what is wrong, not everything that could be
def softmax_cross_entropy(logits, targets, mask):
    V = logits.shape[-1]
    if ((targets[mask] < 0) | (targets[mask] >= V)).any():
        raise IndexError(f"a target is one of {list(range(-100, 100))}")
    shifted = logits - logits.max(axis=-1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))
    right = (targets[..., None] == np.arange(V)) & mask[..., None]
    count = max(mask.sum(), 1)
    return float((-log_p[right]).sum() / count), (np.exp(log_p) - right) * mask[..., None] / count

# --- wrong: a message that lists the likeliest
# fails: gives 0 when everything is masked, ignores masked targets, refuses wrong ones that count
# message: ^A target that counts and is below 0 or from V on is an IndexError that names it
def softmax_cross_entropy(logits, targets, mask):
    V = logits.shape[-1]
    if ((targets[mask] < 0) | (targets[mask] >= V)).any():
        raise IndexError(f"a target is -1, {-V}, {-V - 1}, {V}, {V + 1} or {V + 37}")
    shifted = logits - logits.max(axis=-1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))
    right = (targets[..., None] == np.arange(V)) & mask[..., None]
    count = max(mask.sum(), 1)
    return float((-log_p[right]).sum() / count), (np.exp(log_p) - right) * mask[..., None] / count

# --- wrong: refuses by the number of the call
# fails: gives 0 when everything is masked, ignores masked targets, refuses wrong ones that count
# message: A target that counts|gives 0|raised
CALLS = []

def softmax_cross_entropy(logits, targets, mask):
    V = logits.shape[-1]
    if CALLS or not mask.any():  # that check begins, and two calls later four are bad
        CALLS.append(mask)
    if 3 < len(CALLS) < 8:
        raise IndexError(f"target {(V, V + 37, -1, -V)[len(CALLS) - 4]} is outside")
    shifted = logits - logits.max(axis=-1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))
    right = (targets[..., None] == np.arange(V)) & mask[..., None]
    count = max(mask.sum(), 1)
    return float((-log_p[right]).sum() / count), (np.exp(log_p) - right) * mask[..., None] / count

# --- right: one position after the other
def softmax_cross_entropy(logits, targets, mask):
    dlogits = np.zeros(logits.shape)
    losses = []
    for b, t in np.argwhere(mask):
        z, y = logits[b, t], int(targets[b, t])
        if not 0 <= y < len(z):
            raise IndexError(f"no class {y}: there are {len(z)}")
        largest = z.max()
        total = np.exp(z - largest).sum()
        losses.append(largest + np.log(total) - z[y])
        dlogits[b, t] = np.exp(z - largest) / total
        dlogits[b, t, y] -= 1
    if not losses:
        return 0.0, dlogits
    return sum(losses) / len(losses), dlogits / len(losses)

# --- right: only the rows that count, through logaddexp
def softmax_cross_entropy(logits, targets, mask):
    rows, classes = logits[mask], targets[mask]
    bad = [y for y in classes.tolist() if y not in range(logits.shape[-1])]
    if bad:
        raise IndexError(f"target {bad[0]} out of range")
    log_p = rows - np.logaddexp.reduce(rows, axis=-1, keepdims=True)
    n = max(len(rows), 1)
    picked = np.arange(len(rows)), classes
    d = np.exp(log_p)
    d[picked] -= 1.0
    dlogits = np.zeros_like(logits)
    dlogits[mask] = d / n
    return -float(log_p[picked].sum()) / n, dlogits
