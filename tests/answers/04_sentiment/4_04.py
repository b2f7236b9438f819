# --- wrong: the logarithm of a sigmoid
# fails: gives the mean loss for z up to ±1000, and does not round a tiny one to 0
# message: The loss is not finite
#-    return float(np.mean(y * np.logaddexp(0, -z) + (1 - y) * np.logaddexp(0, z)))
#+    p = sigmoid(z)
#+    return float(-np.mean(y * np.log(p) + (1 - y) * np.log(1 - p)))

# --- wrong: the sigmoid is clipped
# fails: gives the mean loss for z up to ±1000, and does not round a tiny one to 0
# message: a sigmoid that is clipped
#-    return float(np.mean(y * np.logaddexp(0, -z) + (1 - y) * np.logaddexp(0, z)))
#+    p = np.clip(sigmoid(z), 1e-7, 1 - 1e-7)
#+    return float(-np.mean(y * np.log(p) + (1 - y) * np.log(1 - p)))

# --- wrong: the formula of 4.3
# fails: gives the mean loss for z up to ±1000, and does not round a tiny one to 0
# message: two large numbers were subtracted
#-    return float(np.mean(y * np.logaddexp(0, -z) + (1 - y) * np.logaddexp(0, z)))
#+    return float(np.mean(np.logaddexp(0, z) - y * z))

# --- wrong: 1 is added before the logarithm
# fails: gives the mean loss for z up to ±1000, and does not round a tiny one to 0
# message: 1 was added to a tiny number
#-    return float(np.mean(y * np.logaddexp(0, -z) + (1 - y) * np.logaddexp(0, z)))
#+    return float(np.mean(np.maximum(z, 0) - y * z + np.log(1 + np.exp(-abs(z)))))

# --- wrong: the sum
# fails: gives the mean loss for z up to ±1000, and does not round a tiny one to 0
# message: it is the sum over the batch
#-    return float(np.mean(y * np.logaddexp(0, -z) + (1 - y) * np.logaddexp(0, z)))
#+    return float(np.sum(y * np.logaddexp(0, -z) + (1 - y) * np.logaddexp(0, z)))

# --- wrong: a sigmoid too many
# fails: gives the mean loss for z up to ±1000, and does not round a tiny one to 0
# message: two: z is the logit itself|gave the loss
#-    return float(np.mean(y * np.logaddexp(0, -z) + (1 - y) * np.logaddexp(0, z)))
#+    z = sigmoid(z)
#+    return float(np.mean(y * np.logaddexp(0, -z) + (1 - y) * np.logaddexp(0, z)))

# --- wrong: labels upside down
# fails: gives the mean loss for z up to ±1000, and does not round a tiny one to 0
# message: the labels are the wrong way round
#-    return float(np.mean(y * np.logaddexp(0, -z) + (1 - y) * np.logaddexp(0, z)))
#+    return float(np.mean(y * np.logaddexp(0, z) + (1 - y) * np.logaddexp(0, -z)))

# --- wrong: the label is 0 or 1
# fails: takes labels between 0 and 1 and logits of float32; keeps the laws
# message: the labels were rounded
#-    return float(np.mean(y * np.logaddexp(0, -z) + (1 - y) * np.logaddexp(0, z)))
#+    return float(np.mean(np.where(y > 0.5, np.logaddexp(0, -z), np.logaddexp(0, z))))

# --- wrong: the dtype of z
# fails: takes labels between 0 and 1 and logits of float32; keeps the laws
# message: compute in float64
#-    z = np.asarray(z, dtype=np.float64)

# --- wrong: labels become signs, in place
# fails: takes labels between 0 and 1 and logits of float32; keeps the laws
# message: caller's y was changed
#-    return float(np.mean(y * np.logaddexp(0, -z) + (1 - y) * np.logaddexp(0, z)))
#+    loss = float(np.mean(y * np.logaddexp(0, -z) + (1 - y) * np.logaddexp(0, z)))
#+    y[...] = 1 - y
#+    return loss

# --- wrong: nearly sure labels are made sure
# fails: takes labels between 0 and 1 and logits of float32; keeps the laws
# message: gave the loss
#=    z = np.asarray(z, dtype=np.float64)
#+    y = np.where(y < 0.01, 0, np.where(y > 0.99, 1, y))

# --- wrong: a thousand reviews
# fails: takes labels between 0 and 1 and logits of float32; keeps the laws
# message: any size
#-    z = np.asarray(z, dtype=np.float64)
#+    z, y = np.asarray(z[:1000], dtype=np.float64), y[:1000]

# --- wrong: an array of losses
# fails: gives the mean loss for z up to ±1000, and does not round a tiny one to 0
# message: has to be a single float
#-    return float(np.mean(y * np.logaddexp(0, -z) + (1 - y) * np.logaddexp(0, z)))
#+    return y * np.logaddexp(0, -z) + (1 - y) * np.logaddexp(0, z)

# --- wrong: PyTorch's own
# fails: gives the mean loss for z up to ±1000, and does not round a tiny one to 0
# message: write this one yourself
#-    return float(np.mean(y * np.logaddexp(0, -z) + (1 - y) * np.logaddexp(0, z)))
#+    loss = nn.BCEWithLogitsLoss()
#+    return loss(torch.tensor(z), torch.tensor(np.array(y, dtype=float))).item()

# --- right: one logit after the other
def bce_with_logits(z, y):
    import math

    total = 0.0
    for a, t in zip(z, y):
        a, t = float(a), float(t)
        tail = math.log1p(math.exp(-abs(a)))
        total += t * (max(-a, 0) + tail) + (1 - t) * (max(a, 0) + tail)
    return total / len(z)

# --- right: what frameworks compute
def bce_with_logits(z, y):
    z = z.astype("float64")
    return (np.maximum(z, 0) - z * y + np.log1p(np.exp(-np.abs(z)))).mean()

# --- right: both logarithms of the softmax of z and 0
def bce_with_logits(z, y):
    both = np.stack([np.zeros(len(z)), z])  # (2, B)
    log_p = -np.logaddexp.reduce(both[:, None] - both[None], axis=0)  # (2, B)
    return np.array(-np.average(np.where([True], (1 - y) * log_p[0] + y * log_p[1], 0)))
