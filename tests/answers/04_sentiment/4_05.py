# --- wrong: the state of the bottom layer
# fails: measures the hidden state of the top layer, of any kind
# message: the state of the bottom layer was taken
def pad_amnesia(cell, X, pads):
    found = []
    for k in pads:
        with torch.no_grad():
            _, last = cell(torch.cat([X, X.new_zeros(2, k, X.shape[2])], dim=1))
        h = last[0] if isinstance(last, tuple) else last
        found.append((h[0, 0] - h[0, 1]).norm())
    return torch.stack(found)

# --- wrong: the cell state of an LSTM
# fails: measures the hidden state of the top layer, of any kind
# message: the cell state c was compared
def pad_amnesia(cell, X, pads):
    found = []
    for k in pads:
        with torch.no_grad():
            _, last = cell(torch.cat([X, X.new_zeros(2, k, X.shape[2])], dim=1))
        h = last[1] if isinstance(last, tuple) else last
        found.append((h[-1, 0] - h[-1, 1]).norm())
    return torch.stack(found)

# --- wrong: the result drags the network behind it
# fails: keeps the laws: any size, and no trace in cell, X and the result
# message: drags the whole network behind it
#-    with torch.no_grad():
#+    if True:

# --- wrong: the layer stays in evaluation mode
# fails: keeps the laws: any size, and no trace in cell, X and the result
# message: leaves no trace in the layer
#=    T = X.shape[1]
#+    cell.eval()

# --- wrong: the layer is put into training mode
# fails: keeps the laws: any size, and no trace in cell, X and the result
# message: leaves no trace in the layer
#=    T = X.shape[1]
#+    cell.train()

# --- wrong: the pads stand in front
# fails: measures the hidden state of the top layer, of any kind
# message: the pads stand in front
def pad_amnesia(cell, X, pads):
    found = []
    for k in pads:
        with torch.no_grad():
            H = cell(torch.cat([X.new_zeros(2, k, X.shape[2]), X], dim=1))[0]
        found.append((H[0, -1] - H[1, -1]).norm())
    return torch.stack(found)

# --- wrong: one pad too many
# fails: finds that each pad halves the distance where the weight is a half, in the order of pads
# message: there is one pad too many
#-    padding = X.new_zeros(2, max(pads), X.shape[2])
#+    padding = X.new_zeros(2, max(pads) + 1, X.shape[2])
#
#-    return distances[[T - 1 + k for k in pads]]
#+    return distances[[T + k for k in pads]]

# --- wrong: in rising order
# fails: finds that each pad halves the distance where the weight is a half, in the order of pads
# message: the pads were sorted
#-    return distances[[T - 1 + k for k in pads]]
#+    return distances[[T - 1 + k for k in sorted(pads)]]

# --- wrong: every number once
# fails: finds that each pad halves the distance where the weight is a half, in the order of pads
# message: one distance for each entry of pads
#-    return distances[[T - 1 + k for k in pads]]
#+    return distances[[T - 1 + k for k in dict.fromkeys(pads)]]

# --- wrong: the caller's list is sorted
# fails: keeps the laws: any size, and no trace in cell, X and the result
# message: caller's pads were changed|gave the distances
#=    T = X.shape[1]
#+    order = list(pads)
#+    pads.sort()
#-    padding = X.new_zeros(2, max(pads), X.shape[2])
#+    padding = X.new_zeros(2, pads[-1], X.shape[2])
#
#-    return distances[[T - 1 + k for k in pads]]
#+    return distances[[T - 1 + k for k in order]]

# --- wrong: the root is missing
# fails: finds that each pad halves the distance where the weight is a half, in the order of pads
# message: the root is missing
#-    distances = (H[0] - H[1]).norm(dim=1)  # (T + most,)
#+    distances = ((H[0] - H[1]) ** 2).sum(dim=1)

# --- wrong: a distance with something added
# fails: measures the hidden state of the top layer, of any kind
# message: F.pairwise_distance adds 1e-6
#-    distances = (H[0] - H[1]).norm(dim=1)  # (T + most,)
#+    distances = F.pairwise_distance(H[0], H[1])

# --- wrong: in single precision
# fails: measures the hidden state of the top layer, of any kind
# message: agree to a few digits only
def pad_amnesia(cell, X, pads):
    import copy

    X, cell = X.float(), copy.deepcopy(cell).float()
    with torch.no_grad():
        H = cell(torch.cat([X, X.new_zeros(2, max(pads), X.shape[2])], dim=1))[0]
    return (H[0] - H[1]).norm(dim=1)[[X.shape[1] - 1 + k for k in pads]]

# --- wrong: the hidden state alone is carried on
# fails: measures the hidden state of the top layer, of any kind
# message: Euclidean distance of the two rows
def pad_amnesia(cell, X, pads):
    found = []
    for k in pads:
        with torch.no_grad():
            H, state = cell(X)
            if isinstance(state, tuple):
                state = (state[0], torch.zeros_like(state[1]))
            if k:
                H, _ = cell(X.new_zeros(2, k, X.shape[2]), state)
        found.append((H[0, -1] - H[1, -1]).norm())
    return torch.stack(found)

# --- wrong: nothing is left after a thousand pads
# fails: keeps the laws: any size, and no trace in cell, X and the result
# message: cell\(…\)\[0\]\[:, -1\], after pads
#=    padding = X.new_zeros(2, max(pads), X.shape[2])
#+    pads = [min(k, 1000) for k in pads]

# --- wrong: gradients are switched on afterwards
# fails: keeps the laws: any size, and no trace in cell, X and the result
# message: Gradients are on or off afterwards as they were
def pad_amnesia(cell, X, pads):
    torch.set_grad_enabled(False)
    H = cell(F.pad(X, (0, 0, 0, max(pads))))[0]
    distances = (H[0] - H[1]).norm(dim=1)
    torch.set_grad_enabled(True)
    return distances[[X.shape[1] - 1 + k for k in pads]]

# --- right: once for every number
def pad_amnesia(cell, X, pads):
    found = []
    for k in pads:
        zeros = torch.zeros(2, k, X.shape[2], dtype=X.dtype)
        last = cell(torch.cat((X, zeros), 1))[0][:, -1].detach()
        found.append(float(((last[0] - last[1]) ** 2).sum() ** 0.5))
    return found

# --- right: pad after pad, from the state
def pad_amnesia(cell, X, pads):
    with torch.no_grad():
        H, state = cell(X)
        apart = [torch.dist(H[0, -1], H[1, -1])]
        for _ in range(max(pads)):
            H, state = cell(torch.zeros_like(X[:, :1]), state)
            apart.append(torch.dist(H[0, 0], H[1, 0]))
    return [apart[k] for k in pads]

# --- right: with F.pad, in NumPy at the end
@torch.inference_mode()
def pad_amnesia(cell, X, pads):
    longest = F.pad(X, (0, 0, 0, max(pads)))
    states = cell(longest)[0].numpy()
    return np.linalg.norm(states[0] - states[1], axis=-1)[X.shape[1] - 1 + np.array(pads)]
