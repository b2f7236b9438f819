# --- wrong: a one-sided difference
# fails: takes central differences and gives the largest relative error
# message: difference is one-sided
#-        numeric[index] = (f(theta + step) - f(theta - step)) / (2 * eps)
#+        numeric[index] = (f(theta + step) - f(theta)) / eps

# --- wrong: the difference backwards
# fails: takes central differences and gives the largest relative error
# message: difference is one-sided
#-        numeric[index] = (f(theta + step) - f(theta - step)) / (2 * eps)
#+        numeric[index] = (f(theta) - f(theta - step)) / eps

# --- wrong: divided by one ε instead of two
# fails: takes central differences and gives the largest relative error
# message: divided by ε
#-        numeric[index] = (f(theta + step) - f(theta - step)) / (2 * eps)
#+        numeric[index] = (f(theta + step) - f(theta - step)) / eps

# --- wrong: all entries move at once
# fails: takes central differences and gives the largest relative error
# message: moved at once
#-        step[index] = eps
#+        step += eps

# --- wrong: an absolute error
# fails: takes central differences and gives the largest relative error
# message: absolute error
#-    return float(np.max(np.abs(numeric - grad) / size))
#+    return float(np.max(np.abs(numeric - grad)))

# --- wrong: the mean instead of the largest
# fails: takes central differences and gives the largest relative error
# message: mean of the errors
#-    return float(np.max(np.abs(numeric - grad) / size))
#+    return float(np.mean(np.abs(numeric - grad) / size))

# --- wrong: 0 / 0
# fails: gives 0 where both gradients are zero, NaN where one is NaN, and knows the floor
# message: 0 / 0
#-    size = np.maximum(np.abs(numeric) + np.abs(grad), 1e-8)
#+    size = np.abs(numeric) + np.abs(grad)

# --- wrong: Python's max swallows NaN
# fails: gives 0 where both gradients are zero, NaN where one is NaN, and knows the floor
# message: come out as NaN
#-    return float(np.max(np.abs(numeric - grad) / size))
#+    return float(max([0.0, *(np.abs(numeric - grad) / size).flat]))

# --- wrong: theta is moved and not quite brought back
# fails: keeps the laws
# message: caller's theta was changed
#-        numeric[index] = (f(theta + step) - f(theta - step)) / (2 * eps)
#+        theta += step
#+        above = f(theta)
#+        theta -= 2 * step
#+        numeric[index] = (above - f(theta)) / (2 * eps)
#+        theta += step

# --- wrong: walks over the first axis alone
# fails: checks gradients of functions of vectors, matrices and more axes
# message: .
#-    for index in np.ndindex(theta.shape):
#+    for index in range(len(theta)):

# --- wrong: the floor is added
# fails: gives 0 where both gradients are zero, NaN where one is NaN, and knows the floor
# message: 1e-8 was added to the denominator
#-    size = np.maximum(np.abs(numeric) + np.abs(grad), 1e-8)
#+    size = np.abs(numeric) + np.abs(grad) + 1e-8

# --- wrong: shapes are broadcast
# fails: refuses a gradient of another shape, naming both, and no other
# message: broadcast
#-    if grad.shape != theta.shape:
#-        raise ValueError(f"grad has shape {grad.shape}, theta has {theta.shape}")

# --- wrong: divided by the larger of the two
# fails: takes central differences and gives the largest relative error
# message: divided by the larger
#-    size = np.maximum(np.abs(numeric) + np.abs(grad), 1e-8)
#+    size = np.maximum(np.maximum(np.abs(numeric), np.abs(grad)), 1e-8)

# --- wrong: 0 / 0 is 0, and the floor is missing
# fails: gives 0 where both gradients are zero, NaN where one is NaN, and knows the floor
# message: the floor 1e-8 is missing
#-    size = np.maximum(np.abs(numeric) + np.abs(grad), 1e-8)
#+    size = np.abs(numeric) + np.abs(grad)
#+    size = np.where(size == 0, 1.0, size)

# --- wrong: names theta's shape alone
# fails: refuses a gradient of another shape, naming both, and no other
# message: expected it to name
#-        raise ValueError(f"grad has shape {grad.shape}, theta has {theta.shape}")
#+        raise ValueError(f"grad has to be of shape {theta.shape}")

# --- wrong: does nothing
# fails: finds the error of any call, leaves theta as it was to the last bit, and keeps the laws
# message: the largest counts
def gradient_check(f, theta, grad, eps=1e-5):
    return 0.0

# --- wrong: nothing is returned
# fails: finds the error of any call, leaves theta as it was to the last bit, and keeps the laws
# message: The error has to be a single float
def gradient_check(f, theta, grad, eps=1e-5):
    return None

# --- wrong: always 0
# fails: gives 0 where both gradients are zero, NaN where one is NaN, and knows the floor
# message: gave the error 0.0, expected 0.333333 .*f is twice the first entry of theta
#-    return float(np.max(np.abs(numeric - grad) / size))
#+    return 0.0

# --- wrong: refuses every gradient
# fails: refuses a gradient of another shape, naming both, and no other
# message: raised ValueError: shapes \(3,\) and \(3,\) differ.*A grad of the shape of theta is not refused. f is twice
def gradient_check(f, theta, grad, eps=1e-5):
    raise ValueError(f"shapes {grad.shape} and {theta.shape} differ")

# --- wrong: refuses another shape, and looks at nothing else
# fails: refuses a gradient of another shape, naming both, and no other
# message: gave the error 0.0, expected 0.333333
#-    return float(np.max(np.abs(numeric - grad) / size))
#+    return 0.0

# --- wrong: a message that lists every number
# fails: refuses a gradient of another shape, naming both, and no other
# message: with a message that names 100 numbers
#-        raise ValueError(f"grad has shape {grad.shape}, theta has {theta.shape}")
#+        raise ValueError(f"sizes differ, being among {list(range(100))}")

# --- wrong: refuses another shape, and knows a third by heart
# fails: gives 0 where both gradients are zero, NaN where one is NaN, and knows the floor
# message: gave the error 0.333333, expected 0.2 .*f is twice the first entry of theta
#-    return float(np.max(np.abs(numeric - grad) / size))
#+    return 1 / 3 if grad.any() else 0.0

# --- wrong: refuses another shape, and knows a third by heart, in the next check
# fails: refuses a gradient of another shape, naming both, and no other
# message: gave the error 0.333333, expected 0.2 .*f is twice the first entry of theta
#-    return float(np.max(np.abs(numeric - grad) / size))
#+    return 1 / 3 if grad.any() else 0.0

# --- wrong: another ε by default
# fails: takes central differences and gives the largest relative error
# message: the largest counts
#-def gradient_check(f, theta, grad, eps=1e-05):
#+def gradient_check(f, theta, grad, eps=1e-06):

# --- wrong: for theta in Fortran order
# fails: keeps the laws
# message: another layout \(in Fortran order\)
def gradient_check(f, theta, grad, eps=1e-5):
    if grad.shape != theta.shape:
        raise ValueError(f"grad has shape {grad.shape}, theta has {theta.shape}")
    numeric = np.zeros(theta.size)
    for i in range(theta.size):
        above, below = np.copy(theta), np.copy(theta)
        above.reshape(-1)[i] += eps
        below.reshape(-1)[i] -= eps
        numeric[i] = (f(above) - f(below)) / (2 * eps)
    grad = grad.reshape(-1)
    size = np.maximum(np.abs(numeric) + np.abs(grad), 1e-8)
    return float(np.max(np.abs(numeric - grad) / size))

# --- wrong: a sample of two hundred entries
# fails: keeps the laws
# message: any size: here columns is 65
#-    for index in np.ndindex(theta.shape):
#+    sample = np.random.default_rng(0).permutation(list(np.ndindex(theta.shape)))[:200]
#+    for index in map(tuple, sample):

# --- wrong: a large entry takes a larger step
# fails: takes central differences and gives the largest relative error
# message: expected 6.66666e-07
#-        step[index] = eps
#-        numeric[index] = (f(theta + step) - f(theta - step)) / (2 * eps)
#+        step[index] = eps * max(1.0, abs(theta[index]) / 10)
#+        numeric[index] = (f(theta + step) - f(theta - step)) / (2 * step[index])

# --- wrong: differences are rounded to float32
# fails: takes central differences and gives the largest relative error
# message: gave the error
#-    numeric = np.zeros_like(theta)
#+    numeric = np.zeros(theta.shape, np.float32)

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
