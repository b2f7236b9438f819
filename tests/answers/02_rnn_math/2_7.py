# --- wrong: a one-sided difference
# fails: takes central differences and gives the largest relative error
# message: difference is one-sided
def gradient_check(f, theta, grad, eps=1e-5):
    if grad.shape != theta.shape:
        raise ValueError(f"shapes {grad.shape} and {theta.shape} differ")
    numeric = np.zeros_like(theta)
    for index in np.ndindex(theta.shape):
        moved = theta.copy()
        moved[index] += eps
        numeric[index] = (f(moved) - f(theta)) / eps
    return float(np.max(np.abs(numeric - grad) / np.maximum(np.abs(numeric) + np.abs(grad), 1e-8)))

# --- wrong: the difference backwards
# fails: takes central differences and gives the largest relative error
# message: difference is one-sided
def gradient_check(f, theta, grad, eps=1e-5):
    if grad.shape != theta.shape:
        raise ValueError(f"shapes {grad.shape} and {theta.shape} differ")
    numeric = np.zeros_like(theta)
    for index in np.ndindex(theta.shape):
        moved = theta.copy()
        moved[index] -= eps
        numeric[index] = (f(theta) - f(moved)) / eps
    return float(np.max(np.abs(numeric - grad) / np.maximum(np.abs(numeric) + np.abs(grad), 1e-8)))

# --- wrong: divided by one ε instead of two
# fails: takes central differences and gives the largest relative error
# message: divided by ε
def gradient_check(f, theta, grad, eps=1e-5):
    if grad.shape != theta.shape:
        raise ValueError(f"shapes {grad.shape} and {theta.shape} differ")
    numeric = np.zeros_like(theta)
    for index in np.ndindex(theta.shape):
        step = np.zeros_like(theta)
        step[index] = eps
        numeric[index] = (f(theta + step) - f(theta - step)) / eps
    return float(np.max(np.abs(numeric - grad) / np.maximum(np.abs(numeric) + np.abs(grad), 1e-8)))

# --- wrong: all entries move at once
# fails: takes central differences and gives the largest relative error
# message: moved at once
def gradient_check(f, theta, grad, eps=1e-5):
    if grad.shape != theta.shape:
        raise ValueError(f"shapes {grad.shape} and {theta.shape} differ")
    numeric = (f(theta + eps) - f(theta - eps)) / (2 * eps)
    return float(np.max(np.abs(numeric - grad) / np.maximum(np.abs(numeric) + np.abs(grad), 1e-8)))

# --- wrong: an absolute error
# fails: takes central differences and gives the largest relative error
# message: absolute error
def gradient_check(f, theta, grad, eps=1e-5):
    if grad.shape != theta.shape:
        raise ValueError(f"shapes {grad.shape} and {theta.shape} differ")
    numeric = np.zeros_like(theta)
    for index in np.ndindex(theta.shape):
        step = np.zeros_like(theta)
        step[index] = eps
        numeric[index] = (f(theta + step) - f(theta - step)) / (2 * eps)
    return float(np.max(np.abs(numeric - grad)))

# --- wrong: the mean instead of the largest
# fails: takes central differences and gives the largest relative error
# message: mean of the errors
def gradient_check(f, theta, grad, eps=1e-5):
    if grad.shape != theta.shape:
        raise ValueError(f"shapes {grad.shape} and {theta.shape} differ")
    numeric = np.zeros_like(theta)
    for index in np.ndindex(theta.shape):
        step = np.zeros_like(theta)
        step[index] = eps
        numeric[index] = (f(theta + step) - f(theta - step)) / (2 * eps)
    return float(np.mean(np.abs(numeric - grad) / np.maximum(np.abs(numeric) + np.abs(grad), 1e-8)))

# --- wrong: 0 / 0
# fails: gives 0 where both gradients are zero, and nowhere else
# message: 0 / 0
def gradient_check(f, theta, grad, eps=1e-5):
    if grad.shape != theta.shape:
        raise ValueError(f"shapes {grad.shape} and {theta.shape} differ")
    numeric = np.zeros_like(theta)
    for index in np.ndindex(theta.shape):
        step = np.zeros_like(theta)
        step[index] = eps
        numeric[index] = (f(theta + step) - f(theta - step)) / (2 * eps)
    return float(np.max(np.abs(numeric - grad) / (np.abs(numeric) + np.abs(grad))))

# --- wrong: Python's max swallows NaN
# fails: uses ε = 1e-5 and the floor 1e-8, and never hides a NaN
# message: come out as NaN
def gradient_check(f, theta, grad, eps=1e-5):
    if grad.shape != theta.shape:
        raise ValueError(f"shapes {grad.shape} and {theta.shape} differ")
    worst = 0.0
    for index in np.ndindex(theta.shape):
        step = np.zeros_like(theta)
        step[index] = eps
        n = (f(theta + step) - f(theta - step)) / (2 * eps)
        worst = max(worst, abs(n - grad[index]) / max(1e-8, abs(n) + abs(grad[index])))
    return float(worst)

# --- wrong: theta is moved and not quite brought back
# fails: finds the error and leaves theta as it was to the last bit
# message: perhaps in the last digit only
def gradient_check(f, theta, grad, eps=1e-5):
    if grad.shape != theta.shape:
        raise ValueError(f"shapes {grad.shape} and {theta.shape} differ")
    errors = []
    for index in np.ndindex(theta.shape):
        theta[index] += eps
        above = f(theta)
        theta[index] -= 2 * eps
        below = f(theta)
        theta[index] += eps
        n = (above - below) / (2 * eps)
        errors.append(abs(n - grad[index]) / max(1e-8, abs(n) + abs(grad[index])))
    return float(np.max(errors))

# --- wrong: walks over the first axis alone
# fails: checks gradients of functions of vectors, matrices and more axes
# message: .
def gradient_check(f, theta, grad, eps=1e-5):
    if grad.shape != theta.shape:
        raise ValueError(f"shapes {grad.shape} and {theta.shape} differ")
    numeric = np.zeros_like(theta)
    for index in range(len(theta)):
        step = np.zeros_like(theta)
        step[index] = eps
        numeric[index] = (f(theta + step) - f(theta - step)) / (2 * eps)
    return float(np.max(np.abs(numeric - grad) / np.maximum(np.abs(numeric) + np.abs(grad), 1e-8)))

# --- wrong: the floor is added
# fails: uses ε = 1e-5 and the floor 1e-8, and never hides a NaN
# message: 1e-8 was added to the denominator
def gradient_check(f, theta, grad, eps=1e-5):
    if grad.shape != theta.shape:
        raise ValueError(f"shapes {grad.shape} and {theta.shape} differ")
    numeric = np.zeros_like(theta)
    for index in np.ndindex(theta.shape):
        step = np.zeros_like(theta)
        step[index] = eps
        numeric[index] = (f(theta + step) - f(theta - step)) / (2 * eps)
    return float(np.max(np.abs(numeric - grad) / (np.abs(numeric) + np.abs(grad) + 1e-8)))

# --- wrong: shapes are broadcast
# fails: refuses a gradient of another shape, naming both, and no other
# message: broadcast
def gradient_check(f, theta, grad, eps=1e-5):
    numeric = np.zeros_like(theta)
    for index in np.ndindex(theta.shape):
        step = np.zeros_like(theta)
        step[index] = eps
        numeric[index] = (f(theta + step) - f(theta - step)) / (2 * eps)
    return float(np.max(np.abs(numeric - grad) / np.maximum(np.abs(numeric) + np.abs(grad), 1e-8)))

# --- wrong: divided by the larger of the two
# fails: takes central differences and gives the largest relative error
# message: divided by the larger
def gradient_check(f, theta, grad, eps=1e-5):
    if grad.shape != theta.shape:
        raise ValueError(f"shapes {grad.shape} and {theta.shape} differ")
    numeric = np.zeros_like(theta)
    for index in np.ndindex(theta.shape):
        step = np.zeros_like(theta)
        step[index] = eps
        numeric[index] = (f(theta + step) - f(theta - step)) / (2 * eps)
    size = np.maximum(np.maximum(np.abs(numeric), np.abs(grad)), 1e-8)
    return float(np.max(np.abs(numeric - grad) / size))

# --- wrong: 0 / 0 is 0, and the floor is missing
# fails: uses ε = 1e-5 and the floor 1e-8, and never hides a NaN
# message: the floor 1e-8 is missing
def gradient_check(f, theta, grad, eps=1e-5):
    if grad.shape != theta.shape:
        raise ValueError(f"{grad.shape} is not {theta.shape}")
    errors = np.zeros(theta.shape)
    for i in np.ndindex(theta.shape):
        step = np.zeros_like(theta)
        step[i] = eps
        n = (f(theta + step) - f(theta - step)) / (2 * eps)
        errors[i] = 0.0 if n == grad[i] else abs(n - grad[i]) / (abs(n) + abs(grad[i]))
    return float(errors.max())

# --- wrong: names theta's shape alone
# fails: refuses a gradient of another shape, naming both, and no other
# message: expected it to name
def gradient_check(f, theta, grad, eps=1e-5):
    if grad.shape != theta.shape:
        raise ValueError(f"grad has to be of shape {theta.shape}")
    numeric = np.zeros_like(theta)
    for i in np.ndindex(theta.shape):
        step = np.zeros_like(theta)
        step[i] = eps
        numeric[i] = (f(theta + step) - f(theta - step)) / (2 * eps)
    return float(np.max(np.abs(numeric - grad) / np.maximum(np.abs(numeric) + np.abs(grad), 1e-8)))

# --- wrong: does nothing
# fails: finds the error and leaves theta as it was to the last bit
# message: the largest counts
def gradient_check(f, theta, grad, eps=1e-5):
    return 0.0

# --- wrong: nothing is returned
# fails: finds the error and leaves theta as it was to the last bit
# message: The error has to be a single float
def gradient_check(f, theta, grad, eps=1e-5):
    return None

# --- wrong: always 0
# fails: gives 0 where both gradients are zero, and nowhere else
# message: gave the error 0.0, expected 0.333333 .*f is twice the first entry of theta
def gradient_check(f, theta, grad, eps=1e-5):
    if grad.shape != theta.shape:
        raise ValueError(f"shapes {grad.shape} and {theta.shape} differ")
    return 0.0

# --- wrong: refuses every gradient
# fails: refuses a gradient of another shape, naming both, and no other
# message: raised ValueError: shapes \(3,\) and \(3,\) differ.*A grad of the shape of theta is not refused. f is twice
def gradient_check(f, theta, grad, eps=1e-5):
    raise ValueError(f"shapes {grad.shape} and {theta.shape} differ")

# --- wrong: refuses another shape, and looks at nothing else
# fails: refuses a gradient of another shape, naming both, and no other
# message: gave the error 0.0, expected 0.333333
def gradient_check(f, theta, grad, eps=1e-5):
    if grad.shape != theta.shape:
        raise ValueError(f"shapes {grad.shape} and {theta.shape} differ")
    return 0.0

# --- wrong: a message that lists every number
# fails: refuses a gradient of another shape, naming both, and no other
# message: with a message that names 100 numbers
def gradient_check(f, theta, grad, eps=1e-5):
    if grad.shape != theta.shape:
        raise ValueError(f"sizes differ, being among {list(range(100))}")
    numeric = np.zeros_like(theta)
    for i in np.ndindex(theta.shape):
        step = np.zeros_like(theta)
        step[i] = eps
        numeric[i] = (f(theta + step) - f(theta - step)) / (2 * eps)
    return float(np.max(np.abs(numeric - grad) / np.maximum(np.abs(numeric) + np.abs(grad), 1e-8)))

# --- wrong: refuses another shape, and knows a third by heart
# fails: gives 0 where both gradients are zero, and nowhere else
# message: gave the error 0.333333, expected 0.2 .*f is twice the first entry of theta
def gradient_check(f, theta, grad, eps=1e-5):
    if theta.shape != grad.shape:
        raise ValueError(f"{theta.shape} {grad.shape}")
    return 1 / 3 if grad.any() else 0.0

# --- wrong: refuses another shape, and knows a third by heart, in the next check
# fails: refuses a gradient of another shape, naming both, and no other
# message: gave the error 0.333333, expected 0.2 .*f is twice the first entry of theta
def gradient_check(f, theta, grad, eps=1e-5):
    if theta.shape != grad.shape:
        raise ValueError(f"{theta.shape} {grad.shape}")
    return 1 / 3 if grad.any() else 0.0

# --- right: theta is moved in place and the old value put back
def gradient_check(f, theta, grad, eps=1e-5):
    if np.shape(theta) != np.shape(grad):
        raise ValueError(f"{np.shape(theta)} is not {np.shape(grad)}")
    errors = []
    for index, old in np.ndenumerate(theta):
        theta[index] = old + eps
        above = f(theta)
        theta[index] = old - eps
        below = f(theta)
        theta[index] = old
        n, g = (above - below) / (2 * eps), grad[index]
        errors.append(np.abs(n - g) / np.maximum(1e-8, np.abs(n) + np.abs(g)))
    return np.max(errors)

# --- right: flat copies, NaN looked for by hand
def gradient_check(f, theta, grad, eps=1e-5):
    if theta.shape != grad.shape:
        raise ValueError("theta %s, grad %s" % (theta.shape, grad.shape))
    worst = 0.0
    for i, g in enumerate(grad.ravel().tolist()):
        values = []
        for sign in (+1, -1):
            moved = theta.ravel().copy()
            moved[i] += sign * eps
            values.append(f(moved.reshape(theta.shape)))
        n = (values[0] - values[1]) / eps / 2
        error = abs(n - g) / max(1e-8, abs(n) + abs(g))
        if math.isnan(error) or math.isnan(n) or math.isnan(g):
            return math.nan
        worst = max(worst, error)
    return worst
