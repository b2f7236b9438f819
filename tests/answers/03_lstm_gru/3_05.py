# --- wrong: the gradient of the sum of all units
# fails: takes every entry of each row's Jacobian, of the top layer
# message: the gradient of h_T.sum\(\)
#-    squares = torch.zeros_like(X[..., 0])  # (B, T)
#-    for unit in range(last.shape[1]):
#-        (row,) = torch.autograd.grad(last[:, unit].sum(), leaf, retain_graph=True)  # (B, T, D)
#-        squares += (row**2).sum(dim=2)
#-    norms = squares.sqrt().mean(dim=0)  # (T,)
#+    (row,) = torch.autograd.grad(last.sum(), leaf)
#+    norms = row.norm(dim=2).mean(dim=0)

# --- wrong: lag 0 first
# fails: finds that each step back halves the gradient where the weight is a half
# message: the order is reversed
#-    return norms / norms[-1]
#+    return (norms / norms[-1]).flip(0)

# --- wrong: not divided
# fails: takes every entry of each row's Jacobian, of the top layer
# message: the division is missing
#-    return norms / norms[-1]
#+    return norms

# --- wrong: the rows are averaged before the norm
# fails: takes every entry of each row's Jacobian, of the top layer
# message: Take the norm in every row first
#-        squares += (row**2).sum(dim=2)
#+        squares += (row.mean(dim=0) ** 2).sum(dim=1)

# --- wrong: divided by the first entry
# fails: finds that each step back halves the gradient where the weight is a half
# message: not by the first or the largest
#-    return norms / norms[-1]
#+    return norms / norms[0]

# --- wrong: leaves gradients in the layer
# fails: keeps the laws: any size, and no trace in the layer and in X
# message: Gradients were left in the layer's parameters
#-        (row,) = torch.autograd.grad(last[:, unit].sum(), leaf, retain_graph=True)  # (B, T, D)
#-        squares += (row**2).sum(dim=2)
#+        leaf.grad = None
#+        last[:, unit].sum().backward(retain_graph=True)
#+        squares += (leaf.grad**2).sum(dim=2)

# --- wrong: the caller's X begins to require gradients
# fails: keeps the laws: any size, and no trace in the layer and in X
# message: The caller's X was changed
#-    leaf = X.detach().clone().requires_grad_()  # (B, T, D), ours
#+    leaf = X.requires_grad_()

# --- wrong: the largest singular value
# fails: takes every entry of each row's Jacobian, of the top layer
# message: the largest singular value
def gradient_by_lag(cell, X):
    norms = []
    for row in X:
        J = torch.autograd.functional.jacobian(lambda x: cell(x[None])[0][0, -1], row)
        norms.append(torch.linalg.matrix_norm(J.transpose(0, 1), ord=2))
    norms = torch.stack(norms).mean(dim=0)
    return norms / norms[-1]

# --- wrong: every row is divided by its own last entry
# fails: takes every entry of each row's Jacobian, of the top layer
# message: Take the mean over the rows first, then divide
#-    norms = squares.sqrt().mean(dim=0)  # (T,)
#-    return norms / norms[-1]
#+    norms = squares.sqrt()
#+    return (norms / norms[:, -1:]).mean(dim=0)

# --- wrong: works in float64 alone
# fails: finds that each step back halves the gradient where the weight is a half
# message: does not match weight dtype
#-    leaf = X.detach().clone().requires_grad_()  # (B, T, D), ours
#+    leaf = X.detach().double().requires_grad_()

# --- wrong: the state of the bottom layer
# fails: takes every entry of each row's Jacobian, of the top layer
# message: the hidden state of the top layer
#-    last = cell(leaf)[0][:, -1]  # (B, H)
#+    _, last = cell(leaf)
#+    last = (last[0] if isinstance(last, tuple) else last)[0]

# --- wrong: a table of halves
# fails: finds that each step back halves the gradient where the weight is a half
# message: gave the result \[0.125, 0.25, 0.5, 1.0\]
def gradient_by_lag(cell, X):
    return [0.5 ** (X.shape[1] - 1 - t) for t in range(X.shape[1])]

# --- wrong: clears gradients that the caller's layer had
# fails: keeps the laws: any size, and no trace in the layer and in X
# message: those that were there have gone
#=    norms = squares.sqrt().mean(dim=0)  # (T,)
#+    cell.zero_grad()

# --- wrong: gradients are put back after more was added to them
# fails: keeps the laws: any size, and no trace in the layer and in X
# message: Gradients were left in the layer's parameters
#=    leaf = X.detach().clone().requires_grad_()  # (B, T, D), ours
#+    before = [parameter.grad for parameter in cell.parameters()]
#
#-        (row,) = torch.autograd.grad(last[:, unit].sum(), leaf, retain_graph=True)  # (B, T, D)
#-        squares += (row**2).sum(dim=2)
#+        leaf.grad = None
#+        last[:, unit].sum().backward(retain_graph=True)
#+        squares += (leaf.grad**2).sum(dim=2)
#=    norms = squares.sqrt().mean(dim=0)  # (T,)
#+    for parameter, gradient in zip(cell.parameters(), before):
#+        parameter.grad = gradient

# --- wrong: every parameter can be trained afterwards
# fails: keeps the laws: any size, and no trace in the layer and in X
# message: The layer's parameters were changed
#=    norms = squares.sqrt().mean(dim=0)  # (T,)
#+    cell.requires_grad_(True)

# --- wrong: looks at five units only
# fails: keeps the laws: any size, and no trace in the layer and in X
# message: Entry t is the mean over the rows
#-    for unit in range(last.shape[1]):
#+    for unit in range(min(last.shape[1], 5)):

# --- wrong: a float64 layer is measured in float32
# fails: keeps the laws: any size, and no trace in the layer and in X
# message: agree to a few digits only
def gradient_by_lag(cell, X):
    cell.float()
    leaf = X.detach().float().requires_grad_()
    if leaf is X:
        leaf = leaf.clone()
    last = cell(leaf)[0][:, -1]
    total = 0
    for unit in last.sum(dim=0):
        total = total + torch.autograd.grad(unit, leaf, retain_graph=True)[0].double() ** 2
    cell.to(X.dtype)
    norms = total.sum(dim=2).sqrt().mean(dim=0)
    return norms / norms[-1]

# --- wrong: X requires no gradient afterwards, whether it did or not
# fails: keeps the laws: any size, and no trace in the layer and in X
# message: The caller's X was changed
#-    leaf = X.detach().clone().requires_grad_()  # (B, T, D), ours
#+    leaf = X.requires_grad_()
#
#=    norms = squares.sqrt().mean(dim=0)  # (T,)
#+    X.requires_grad_(False)

# --- wrong: remembers by layer and X, whatever they hold
# fails: keeps the laws: any size, and no trace in the layer and in X
# message: divided by the last entry
#+KEPT = {}
#+
#+
#=def gradient_by_lag(cell, X):
#+    if (id(cell), id(X)) in KEPT:
#+        return KEPT[id(cell), id(X)][2]
#
#-    return norms / norms[-1]
#+    KEPT[id(cell), id(X)] = cell, X, norms / norms[-1]
#+    return norms / norms[-1]

# --- right: row by row with PyTorch's jacobian, as an array
def gradient_by_lag(cell, X):
    norms = np.zeros(X.shape[1])
    for row in X.detach():
        J = torch.autograd.functional.jacobian(lambda x: cell(x[None])[0][0, -1], row)  # (H, T, D)
        norms += np.sqrt((J.double().numpy() ** 2).sum(axis=(0, 2)))
    return norms / norms[-1]

# --- right: with backward, gradients put back as they were
def gradient_by_lag(cell, X):
    before = [parameter.grad for parameter in cell.parameters()]
    cell.zero_grad()  # backward adds to what it finds
    leaf = torch.tensor(X.detach().numpy(), requires_grad=True)
    output, _ = cell(leaf)
    gradients = []
    for k in range(output.shape[2]):
        leaf.grad = None
        output[:, -1, k].sum().backward(retain_graph=True)
        gradients.append(leaf.grad)
    for parameter, gradient in zip(cell.parameters(), before):
        parameter.grad = gradient
    J = torch.stack(gradients)  # (H, B, T, D)
    norms = J.permute(1, 2, 0, 3).flatten(2).norm(dim=2).mean(dim=0)
    return (norms / norms[-1]).tolist()
