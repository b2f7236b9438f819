# --- wrong: every array by its own norm
# fails: scales all arrays by one factor, keeps float32, and gives the norm from before in float64
# message: clipped by its own norm
#-    scale = max_norm / norm if norm > max_norm else 1.0
#-    return [grad * scale for grad in grads], norm
#+    norms = [np.linalg.norm(grad) for grad in grads]
#+    scales = [max_norm / n if n > max_norm else 1.0 for n in norms]
#+    return [grad * scale for grad, scale in zip(grads, scales)], norm

# --- wrong: entries are cut one by one
# fails: scales all arrays by one factor, keeps float32, and gives the norm from before in float64
# message: cut one by one
#-    return [grad * scale for grad in grads], norm
#+    return [np.clip(grad, -max_norm, max_norm) for grad in grads], norm

# --- wrong: small gradients are scaled up
# fails: leaves gradients whose norm is not above max_norm, an empty list too
# message: scaled up
#-    scale = max_norm / norm if norm > max_norm else 1.0
#+    scale = max_norm / norm if norm > 0 else 1.0

# --- wrong: gives the norm after clipping
# fails: scales all arrays by one factor, keeps float32, and gives the norm from before in float64
# message: norm after clipping
#-    return [grad * scale for grad in grads], norm
#+    return [grad * scale for grad in grads], norm * scale

# --- wrong: a sum of norms
# fails: scales all arrays by one factor, keeps float32, and gives the norm from before in float64
# message: norms of the arrays were added
#-    norm = math.sqrt(sum(float(np.sum(grad.astype(np.float64) ** 2)) for grad in grads))
#+    norm = float(sum(np.linalg.norm(grad) for grad in grads))

# --- wrong: without the root
# fails: scales all arrays by one factor, keeps float32, and gives the norm from before in float64
# message: root is missing
#-    norm = math.sqrt(sum(float(np.sum(grad.astype(np.float64) ** 2)) for grad in grads))
#+    norm = sum(float(np.sum(grad.astype(np.float64) ** 2)) for grad in grads)

# --- wrong: in place
# fails: keeps the laws
# message: caller's grads was changed
#-    return [grad * scale for grad in grads], norm
#+    for grad in grads:
#+        grad *= scale
#+    return grads, norm

# --- wrong: 0 / 0 for zeros
# fails: leaves gradients whose norm is not above max_norm, an empty list too
# message: .
#-    return [grad * scale for grad in grads], norm
#+    return [grad / norm * min(norm, max_norm) for grad in grads], norm

# --- wrong: nan goes through
# fails: refuses gradients that are not finite, a max_norm that is not positive, and nothing else
# message: raised nothing, expected ValueError
#-    if not math.isfinite(norm):
#-        raise ValueError(f"gradients must be finite, their norm is {norm}")

# --- wrong: squares in float32 overflow
# fails: scales all arrays by one factor, keeps float32, and gives the norm from before in float64
# message: raised
#-    norm = math.sqrt(sum(float(np.sum(grad.astype(np.float64) ** 2)) for grad in grads))
#+    norm = math.sqrt(sum(float(np.sum(grad**2)) for grad in grads))

# --- wrong: everything comes back in float64
# fails: scales all arrays by one factor, keeps float32, and gives the norm from before in float64
# message: keeps its dtype
#-    return [grad * scale for grad in grads], norm
#+    return [grad.astype(np.float64) * scale for grad in grads], norm

# --- wrong: as torch does it, with a tiny number added to the norm
# fails: clips any gradients, at any max_norm, and keeps the laws
# message: nothing is added to the norm
#-    scale = max_norm / norm if norm > max_norm else 1.0
#+    scale = min(1.0, max_norm / (norm + 1e-6))

# --- wrong: refuses everything
# fails: refuses gradients that are not finite, a max_norm that is not positive, and nothing else
# message: raised ValueError: gradients must be finite.*Finite gradients with a positive max_norm are not refused
def clip_by_global_norm(grads, max_norm):
    raise ValueError("gradients must be finite and max_norm positive")

# --- wrong: refuses what is broken, and does nothing else
# fails: refuses gradients that are not finite, a max_norm that is not positive, and nothing else
# message: gave norm 0.0, expected 5.0
#-    return [grad * scale for grad in grads], norm
#+    return list(grads), 0.0

# --- wrong: refuses by the number of the call
# fails: takes an empty list, zeros, one array, a single number that is not finite
# message: says `finite`|max_norm|raised
CALLS = []

def clip_by_global_norm(grads, max_norm):
    if CALLS or not grads:  # that check begins, and three calls later eighteen are bad
        CALLS.append(max_norm)
    norm = math.sqrt(sum(float((grad.astype(float) ** 2).sum()) for grad in grads))
    bad = 3 < len(CALLS) < 22
    if [grad.shape for grad in grads] in ([(1,), (2,)], [(2,)]):  # the visible check
        bad = max_norm <= 0 or not math.isfinite(norm)
    if bad:
        raise ValueError("gradients must be finite, max_norm positive")
    scale = max_norm / norm if norm > max_norm else 1.0
    return [grad * scale for grad in grads], norm

# --- wrong: lists many numbers beside max_norm
# fails: refuses gradients that are not finite, a max_norm that is not positive, and nothing else
# message: with a message that names 141 numbers
#-        raise ValueError(f"max_norm must be positive, got {max_norm}")
#+        raise ValueError(f"finite, max_norm, grads or {[*range(-70, 71)]}")

# --- wrong: one list of arrays for all results
# fails: keeps the laws
# message: What the first call returned changed
#+BUFFERS = {}
#+
#=def clip_by_global_norm(grads, max_norm):
#
#-    return [grad * scale for grad in grads], norm
#+    shapes = tuple((grad.shape, grad.dtype) for grad in grads)
#+    clipped = BUFFERS.setdefault(shapes, [np.empty_like(grad) for grad in grads])
#+    for grad, out in zip(grads, clipped):
#+        out[...] = grad * scale
#+    return clipped, norm

# --- wrong: adds a millionth to the norm, where it clips
# fails: scales all arrays by one factor, keeps float32, and gives the norm from before in float64
# message: nothing is added to the norm
#-    scale = max_norm / norm if norm > max_norm else 1.0
#+    scale = max_norm / (norm + 1e-6) if norm > max_norm else 1.0

# --- wrong: an empty list, whatever max_norm is
# fails: refuses gradients that are not finite, a max_norm that is not positive, and nothing else
# message: raised nothing, expected ValueError. max_norm has to be positive
#-    if max_norm <= 0:
#+    if not grads:
#+        return [], 0.0
#+    if max_norm <= 0:

# --- wrong: nearly as long as allowed is scaled up
# fails: leaves gradients whose norm is not above max_norm, an empty list too
# message: gradients below max_norm were scaled up
#-    scale = max_norm / norm if norm > max_norm else 1.0
#+    scale = 1.0 if round(norm, 1) < round(max_norm, 1) or norm == 0 else max_norm / norm

# --- wrong: each array's norm in its own dtype
# fails: scales all arrays by one factor, keeps float32, and gives the norm from before in float64
# message: computed in float32: use float64
#-    norm = math.sqrt(sum(float(np.sum(grad.astype(np.float64) ** 2)) for grad in grads))
#+    tops = [np.abs(grad).max() or grad.dtype.type(1) for grad in grads]
#+    pairs = list(zip(tops, grads))
#+    norm = math.hypot(*(float(top) * float(np.linalg.norm(grad / top)) for top, grad in pairs))

# --- right: one long vector
def clip_by_global_norm(grads, max_norm):
    if not max_norm > 0:
        raise ValueError("max_norm")
    flat = np.concatenate([np.zeros(0), *[np.ravel(g).astype(np.float64) for g in grads]])
    if not np.all(np.isfinite(flat)):
        raise ValueError("not finite")
    norm = np.linalg.norm(flat)
    if norm <= max_norm:
        return list(grads), norm
    return [(g * (max_norm / norm)).astype(g.dtype) for g in grads], norm

# --- right: hypot over all entries, a tuple
def clip_by_global_norm(grads, max_norm):
    if max_norm <= 0:
        raise ValueError(f"max_norm is {max_norm}, it has to be above 0")
    norm = math.hypot(*(x for grad in grads for x in grad.ravel().tolist()))
    if math.isnan(norm) or math.isinf(norm):
        raise ValueError("a gradient is not finite")
    if norm > max_norm:
        grads = [np.multiply(grad, max_norm / norm, dtype=grad.dtype) for grad in grads]
    return [grad.copy() for grad in grads], norm

# --- right: one message for both, with all that was given
def clip_by_global_norm(grads, max_norm):
    norm = math.sqrt(sum(float((grad.astype(np.float64) ** 2).sum()) for grad in grads))
    if not math.isfinite(norm):
        raise ValueError(f"not finite, {norm}: {grads}")
    if max_norm <= 0:
        raise ValueError(f"{max_norm=} has to be above 0, {norm=}")
    scale = max_norm / norm if norm > max_norm else 1.0
    return [grad * scale for grad in grads], norm
