# --- wrong: the mean is over padding too
# fails: gives the loss and its gradient, averaged over the positions that count
# message: divided by all positions, padding too
#-    count = max(mask.sum(), 1)  # nothing unmasked: 0 / 1
#+    count = mask.size

# --- wrong: exp of the logits as they are
# fails: is finite for logits of 10,000
# message: not finite
#-    shifted = logits - logits.max(axis=-1, keepdims=True)  # (B, T, V), at most 0: exp is safe
#+    shifted = logits

# --- wrong: a tiny number inside the logarithm
# fails: is finite for logits of 10,000
# message: has a floor
#-    loss = (-log_p[right]).sum() / count
#+    loss = -np.log(np.exp(log_p[right]) + 1e-12).sum() / count

# --- wrong: the gradient is that of the sum
# fails: gives the loss and its gradient, averaged over the positions that count
# message: dlogits was not divided
#-    dlogits = (np.exp(log_p) - right) * mask[..., None] / count
#+    dlogits = (np.exp(log_p) - right) * mask[..., None]

# --- wrong: masked positions get a gradient
# fails: gives the loss and its gradient, averaged over the positions that count
# message: 0 at masked positions
#-    dlogits = (np.exp(log_p) - right) * mask[..., None] / count
#+    dlogits = (np.exp(log_p) - right) / count

# --- wrong: 0 / 0 where everything is masked
# fails: gives 0 when everything is masked, and refuses a wrong target that counts
# message: nothing to divide by
#-    count = max(mask.sum(), 1)  # nothing unmasked: 0 / 1
#+    count = mask.sum()

# --- wrong: a mean of the rows' means
# fails: gives the loss and its gradient, averaged over the positions that count
# message: mean of the rows' means
#-    count = max(mask.sum(), 1)  # nothing unmasked: 0 / 1
#-    loss = (-log_p[right]).sum() / count
#+    count = np.maximum(mask.sum(axis=1), 1)[:, None, None] * len(mask)
#+    loss = (-log_p * right / count).sum()

# --- wrong: bits
# fails: gives the loss and its gradient, averaged over the positions that count
# message: logarithm has base 2
#-    loss = (-log_p[right]).sum() / count
#+    loss = -np.log2(np.exp(log_p[right])).sum() / count

# --- wrong: softmax over time
# fails: gives the loss and its gradient, averaged over the positions that count
# message: -log softmax
#-    shifted = logits - logits.max(axis=-1, keepdims=True)  # (B, T, V), at most 0: exp is safe
#-    log_p = shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))  # (B, T, V)
#+    shifted = logits - logits.max(axis=1, keepdims=True)
#+    log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))

# --- wrong: ignored targets are used as indices
# fails: gives the loss and its gradient, averaged over the positions that count
# message: raised IndexError
#-    right = (targets[..., None] == np.arange(V)) & mask[..., None]  # (B, T, V)
#+    right = np.eye(V, dtype=bool)[targets] & mask[..., None]

# --- wrong: -1 is the last class
# fails: gives 0 when everything is masked, and refuses a wrong target that counts
# message: IndexError that names it
#-    outside = targets[mask & ((targets < 0) | (targets >= V))]
#+    outside = targets[mask & (targets >= V)]
#
#-    right = (targets[..., None] == np.arange(V)) & mask[..., None]  # (B, T, V)
#+    right = (targets[..., None] % V == np.arange(V)) & mask[..., None]

# --- wrong: the caller's logits become probabilities
# fails: keeps the laws
# message: caller's logits was changed
#-    outside = targets[mask & ((targets < 0) | (targets >= V))]
#-    if outside.size > 0:
#-        raise IndexError(f"target {outside[0]} is outside 0 to {V - 1}")
#-    shifted = logits - logits.max(axis=-1, keepdims=True)  # (B, T, V), at most 0: exp is safe
#+    logits -= logits.max(axis=-1, keepdims=True)
#+    shifted = logits

# --- wrong: the gradient the other way round
# fails: gives the loss and its gradient, averaged over the positions that count
# message: sign of dlogits
#-    dlogits = (np.exp(log_p) - right) * mask[..., None] / count
#+    dlogits = (right - np.exp(log_p)) * mask[..., None] / count

# --- wrong: the sum's logarithm has base 2, the score is as it was
# fails: gives the loss and its gradient, averaged over the positions that count
# message: logarithm has base 2
#-    log_p = shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))  # (B, T, V)
#+    log_p = shifted - np.log2(np.exp(shifted).sum(axis=-1, keepdims=True))

# --- wrong: the mask is multiplied into the logits
# fails: gives the loss and its gradient, averaged over the positions that count
# message: masked logits were set to 0
#=        raise IndexError(f"target {outside[0]} is outside 0 to {V - 1}")
#+    logits = logits * mask[..., None]
#
#-    right = (targets[..., None] == np.arange(V)) & mask[..., None]  # (B, T, V)
#+    right = np.where(mask, targets, 0)[..., None] == np.arange(V)

# --- wrong: one-hot is added
# fails: gives the loss and its gradient, averaged over the positions that count
# message: one-hot was added
#-    dlogits = (np.exp(log_p) - right) * mask[..., None] / count
#+    dlogits = (np.exp(log_p) + right) * mask[..., None] / count

# --- wrong: masked targets are looked at too
# fails: gives the loss and its gradient, averaged over the positions that count
# message: A masked position is ignored
#-    outside = targets[mask & ((targets < 0) | (targets >= V))]
#+    outside = targets[(targets < 0) | (targets >= V)]

# --- wrong: masked targets are looked at too, seen by the hidden check
# fails: gives 0 when everything is masked, ignores masked targets, refuses wrong ones that count
# message: ^A masked position is ignored|A masked one may be anything
#-    outside = targets[mask & ((targets < 0) | (targets >= V))]
#+    outside = targets[(targets < 0) | (targets >= V)]

# --- wrong: a message that lists every number
# fails: gives 0 when everything is masked, ignores masked targets, refuses wrong ones that count
# message: ^A message names what is wrong, not everything that could be
#-        raise IndexError(f"target {outside[0]} is outside 0 to {V - 1}")
#+        raise IndexError(f"a target is one of {list(range(-100, 100))}")

# --- wrong: a message that lists the likeliest
# fails: gives 0 when everything is masked, ignores masked targets, refuses wrong ones that count
# message: ^A target that counts and is below 0 or from V on is an IndexError that names it
#-        raise IndexError(f"target {outside[0]} is outside 0 to {V - 1}")
#+        raise IndexError(f"a target is -1, {-V}, {-V - 1}, {V}, {V + 1} or {V + 37}")

# --- wrong: refuses by the number of the call
# fails: gives 0 when everything is masked, ignores masked targets, refuses wrong ones that count
# message: A target that counts|A masked position|raised
#+CALLS = []
#+
#=def softmax_cross_entropy(logits, targets, mask):
#
#-    outside = targets[mask & ((targets < 0) | (targets >= V))]
#-    if outside.size > 0:
#-        raise IndexError(f"target {outside[0]} is outside 0 to {V - 1}")
#+    if CALLS or not mask.any():  # that check begins, and two calls later four are bad
#+        CALLS.append(mask)
#+    if 3 < len(CALLS) < 8:
#+        raise IndexError(f"target {(V, V + 37, -1, -V)[len(CALLS) - 4]} is outside")

# --- wrong: one largest logit for the whole batch
# fails: is finite for logits of 10,000
# message: The loss is not finite: take the largest logit of each position
#-    shifted = logits - logits.max(axis=-1, keepdims=True)  # (B, T, V), at most 0: exp is safe
#+    shifted = logits - logits.max()

# --- wrong: the first target that counts is looked at, and no other
# fails: gives 0 when everything is masked, and refuses a wrong target that counts
# message: raised nothing, expected IndexError
#-    outside = targets[mask & ((targets < 0) | (targets >= V))]
#+    outside = np.array([target for target in targets[mask][:1] if not 0 <= target < V])

# --- wrong: torch's own loss
# fails: gives the loss and its gradient, averaged over the positions that count
# message: write this one yourself
def softmax_cross_entropy(logits, targets, mask):
    a = torch.tensor(np.array(logits), requires_grad=True)
    loss = nn.functional.cross_entropy(a[torch.tensor(mask)], torch.tensor(targets[mask]))
    (gradient,) = torch.autograd.grad(loss, a)
    return loss.item(), gradient.numpy()

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
