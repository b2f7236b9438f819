# --- wrong: the logarithm of a sigmoid
# fails: stays finite and exact for z up to ±10,000
# message: The loss is not exact for large z
#-    loss = np.mean(np.logaddexp(0, z) - y * z)
#+    p = sigmoid(z)
#+    loss = np.mean(np.where(y == 1, -np.log(p), -np.log(1 - p)))

# --- wrong: the sigmoid is clipped
# fails: stays finite and exact for z up to ±10,000
# message: The loss is not exact for large z
#-    loss = np.mean(np.logaddexp(0, z) - y * z)
#+    p = np.clip(sigmoid(z), 1e-12, 1 - 1e-12)
#+    loss = -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))

# --- wrong: e to the z
# fails: stays finite and exact for z up to ±10,000
# message: not exact for large z|dw
#-    loss = np.mean(np.logaddexp(0, z) - y * z)
#+    loss = np.mean(np.log(1 + np.exp(z)) - y * z)

# --- wrong: the gradient of the sum
# fails: gives the mean loss, and its derivatives by w and b
# message: dw is that of the sum
#-    error = (sigmoid(z) - y) / len(y)  # (B,): d loss / d z
#+    error = sigmoid(z) - y

# --- wrong: the loss is a sum
# fails: gives the mean loss, and its derivatives by w and b
# message: it is the sum over the reviews
#-    loss = np.mean(np.logaddexp(0, z) - y * z)
#+    loss = np.sum(np.logaddexp(0, z) - y * z)

# --- wrong: uphill
# fails: gives the mean loss, and its derivatives by w and b
# message: the sign of dw is wrong
#-    error = (sigmoid(z) - y) / len(y)  # (B,): d loss / d z
#+    error = (y - sigmoid(z)) / len(y)

# --- wrong: the gradient of the squared error
# fails: gives the mean loss, and its derivatives by w and b
# message: the slope of the sigmoid in it
#-    error = (sigmoid(z) - y) / len(y)  # (B,): d loss / d z
#+    error = (sigmoid(z) - y) * sigmoid(z) * (1 - sigmoid(z)) / len(y)

# --- wrong: no bias
# fails: gives the mean loss, and its derivatives by w and b
# message: the bias is missing in z
#-    z = counts @ w + b  # (B,)
#+    z = counts @ w

# --- wrong: reviews are not added up
# fails: gives the mean loss, and its derivatives by w and b
# message: There is a derivative for each word
#-    return float(loss), counts.T @ error, float(error.sum())
#+    return float(loss), counts * error[:, None], float(error.sum())

# --- wrong: positive reviews alone cost something
# fails: gives the mean loss, and its derivatives by w and b
# message: reviews of label 0 were left out
#-    loss = np.mean(np.logaddexp(0, z) - y * z)
#+    loss = np.mean(y * np.logaddexp(0, -z))

# --- wrong: single precision
# fails: gives the mean loss, and its derivatives by w and b
# message: agree to a few digits only
#-    z = counts @ w + b  # (B,)
#+    z = (counts @ w + b).astype(np.float32)

# --- wrong: a gradient of float32
# fails: gives the mean loss, and its derivatives by w and b
# message: dw has to be float64
#-    return float(loss), counts.T @ error, float(error.sum())
#+    return float(loss), (counts.T @ error).astype(np.float32), float(error.sum())

# --- wrong: differences instead of derivatives
# fails: gives the mean loss, and its derivatives by w and b
# message: gave dw
def bow_logistic_step(counts, y, w, b):
    def loss(w, b):
        z = counts @ w + b
        return float(np.mean(np.logaddexp(0, z) - y * z))

    steps = 1e-5 * np.eye(len(w))
    dw = np.array([(loss(w + step, b) - loss(w - step, b)) / 2e-5 for step in steps])
    return loss(w, b), dw, (loss(w, b + 1e-5) - loss(w, b - 1e-5)) / 2e-5

# --- wrong: weights are changed on the way
# fails: keeps the laws
# message: caller's w was changed
#=    error = (sigmoid(z) - y) / len(y)  # (B,): d loss / d z
#+    w -= 0.1 * (counts.T @ error).astype(w.dtype)

# --- wrong: a loss of PyTorch's
# fails: gives the mean loss, and its derivatives by w and b
# message: write this one yourself
#-    loss = np.mean(np.logaddexp(0, z) - y * z)
#+    loss = F.binary_cross_entropy_with_logits(torch.tensor(z), torch.tensor(y * 1.0)).item()

# --- wrong: derivatives of PyTorch's
# fails: gives the mean loss, and its derivatives by w and b
# message: write this one yourself
def bow_logistic_step(counts, y, w, b):
    counts, y = torch.tensor(np.array(counts) * 1.0), torch.tensor(np.array(y) * 1.0)
    w, b = torch.tensor(np.array(w) * 1.0), torch.tensor(float(b))
    w.requires_grad_(), b.requires_grad_()
    z = counts @ w + b
    loss = (torch.logaddexp(torch.zeros_like(z), z) - y * z).mean()
    loss.backward()
    return loss.item(), w.grad.numpy(), b.grad.item()

# --- wrong: a straight line from 15 on
# fails: stays finite and exact for z up to ±10,000
# message: not exact for large z|is the mean
#-    loss = np.mean(np.logaddexp(0, z) - y * z)
#+    side = np.where(y == 1, -z, z)
#+    near = np.log1p(np.exp(np.clip(side, -15, 15)))
#+    loss = np.mean(np.where(abs(side) < 15, near, np.maximum(side, 0)))

# --- wrong: counts in bytes
# fails: gives the mean loss, and its derivatives by w and b
# message: gave loss
#+    counts = counts.astype(np.uint8)
#=    z = counts @ w + b  # (B,)

# --- right: one review after the other
def bow_logistic_step(counts, y, w, b):
    import math

    total, dw, db = 0.0, np.zeros(len(w)), 0.0
    for row, label in zip(counts, y):
        z = sum(float(c) * float(v) for c, v in zip(row, w)) + b
        side = z if label else -z
        total += max(-side, 0) + math.log1p(math.exp(-abs(side)))
        missed = 1 / (1 + math.exp(min(side, 700)))
        for j in range(len(w)):
            dw[j] -= (1 if label else -1) * missed * row[j] / len(y)
        db += (-missed if label else missed) / len(y)
    return [np.float64(total / len(y)), dw, np.array(db)]

# --- right: with signs instead of labels
def bow_logistic_step(counts, y, w, b):
    sign = np.where(np.asarray(y) > 0.5, -1.0, 1.0)
    wrong = sign * (np.einsum("bv,v->b", counts, np.asarray(w, dtype=float)) + b)
    cost = np.maximum(wrong, 0) + np.log1p(np.exp(-np.abs(wrong)))
    slope = sign * np.exp(wrong - cost - np.maximum(wrong, 0) * 0)
    return cost.mean(), (slope[:, None] * counts).mean(axis=0), slope.mean()

# --- right: the bias as one more word
def bow_logistic_step(counts, y, w, b):
    more = np.concatenate([counts, np.ones((len(y), 1))], axis=1).astype(np.float64)
    z = more @ np.append(w, b)
    gradient = (1 / (1 + np.exp(-z)) - y) @ more / len(y)
    losses = -z * (y == 1) + np.logaddexp(np.zeros_like(z), z)
    return float(np.average(losses)), gradient[:-1], gradient[-1]
