# --- wrong: the seed's mistake, bias_hh twice and bias_ih never
# fails: adds each of the two biases once
# message: bias_hh_l0 was added twice and bias_ih_l0 never
#-    b = rnn.bias_ih_l0 + rnn.bias_hh_l0  # (H,): torch has two, the equation one
#+    b = rnn.bias_hh_l0 + rnn.bias_hh_l0

# --- wrong: one bias, as in the equation of the books
# fails: adds each of the two biases once
# message: bias_hh_l0 is missing
#-    b = rnn.bias_ih_l0 + rnn.bias_hh_l0  # (H,): torch has two, the equation one
#+    b = rnn.bias_ih_l0

# --- wrong: the other bias alone
# fails: adds each of the two biases once
# message: bias_ih_l0 is missing
#-    b = rnn.bias_ih_l0 + rnn.bias_hh_l0  # (H,): torch has two, the equation one
#+    b = rnn.bias_hh_l0

# --- wrong: calls the layer
# fails: adds each of the two biases once
# message: Write this one yourself
def manual_rnn(rnn, X):
    return rnn(X)[0]

# --- wrong: calls a copy of the layer
# fails: adds each of the two biases once
# message: Write this one yourself
def manual_rnn(rnn, X):
    twin = nn.RNN(rnn.input_size, rnn.hidden_size, batch_first=True)
    twin.load_state_dict(rnn.state_dict())
    output, _ = twin(X)
    return output

# --- wrong: the recurrent matrix the wrong way round
# fails: gives what a layer of several units gives, in float32 as in float64
# message: recurrent matrix was not turned round
#-        h = torch.tanh(X[:, t] @ W_xh.T + h @ W_hh.T + b)
#+        h = torch.tanh(X[:, t] @ W_xh.T + h @ W_hh + b)

# --- wrong: float32 zeros meet float64 weights
# fails: works in float64 when the layer does
# message: of the dtype of X
#-    h = X.new_zeros(X.shape[0], rnn.hidden_size)  # (B, H)
#+    h = torch.zeros(X.shape[0], rnn.hidden_size)

# --- wrong: everything in float32
# fails: works in float64 when the layer does
# message: .
#-    W_xh, W_hh = rnn.weight_ih_l0, rnn.weight_hh_l0  # (H, D), (H, H)
#-    b = rnn.bias_ih_l0 + rnn.bias_hh_l0  # (H,): torch has two, the equation one
#-    h = X.new_zeros(X.shape[0], rnn.hidden_size)  # (B, H)
#+    W_xh, W_hh = rnn.weight_ih_l0.float(), rnn.weight_hh_l0.float()
#+    b = (rnn.bias_ih_l0 + rnn.bias_hh_l0).float()
#+    h = torch.zeros(X.shape[0], rnn.hidden_size)
#
#-        h = torch.tanh(X[:, t] @ W_xh.T + h @ W_hh.T + b)
#+        h = torch.tanh(X[:, t].float() @ W_xh.T + h @ W_hh.T + b)

# --- wrong: a pair, as the layer gives it
# fails: adds each of the two biases once
# message: output alone is asked for
#-    return torch.stack(states, dim=1)  # (B, T, H)
#+    return torch.stack(states, dim=1), h[None]

# --- wrong: the state is not carried on
# fails: adds each of the two biases once
# message: state is not carried on
#-        h = torch.tanh(X[:, t] @ W_xh.T + h @ W_hh.T + b)
#-        states.append(h)
#+        states.append(torch.tanh(X[:, t] @ W_xh.T + h @ W_hh.T + b))

# --- wrong: time comes first
# fails: adds each of the two biases once
# message: time came first
#-    return torch.stack(states, dim=1)  # (B, T, H)
#+    return torch.stack(states)

# --- wrong: an array of NumPy
# fails: adds each of the two biases once
# message: expected a torch tensor
#-    return torch.stack(states, dim=1)  # (B, T, H)
#+    return torch.stack(states, dim=1).detach().numpy()

# --- wrong: adds the second bias to the layer's own first
# fails: adds each of the two biases once
# message: The layer was changed
#-    b = rnn.bias_ih_l0 + rnn.bias_hh_l0  # (H,): torch has two, the equation one
#+    with torch.no_grad():
#+        b = rnn.bias_ih_l0.add_(rnn.bias_hh_l0)

# --- wrong: a layer of Keras with the same weights, by a private path
# fails: gives what a layer of several units gives, in float32 as in float64
# message: Write this one yourself
def manual_rnn(rnn, X):
    from keras.src.layers.rnn.simple_rnn import SimpleRNN

    layer = SimpleRNN(rnn.hidden_size, return_sequences=True, dtype=str(X.dtype).split(".")[1])
    layer.build(tuple(X.shape))
    bias = rnn.bias_ih_l0 + rnn.bias_hh_l0
    weights = (rnn.weight_ih_l0.T, rnn.weight_hh_l0.T, bias)
    layer.set_weights([w.detach().numpy() for w in weights])
    return torch.from_numpy(np.array(layer(X.numpy())))

# --- wrong: reads a hundred steps
# fails: keeps the laws
# message: any size: here T is 1100
#-    states = []
#-    for t in range(X.shape[1]):
#+    states = [h] * X.shape[1]
#+    for t in range(min(X.shape[1], 100)):
#
#-        states.append(h)
#+        states[t] = h

# --- wrong: a pair, seen by the laws
# fails: keeps the laws
# message: output alone is asked for
#-    return torch.stack(states, dim=1)  # (B, T, H)
#+    return torch.stack(states, dim=1), h[None]

# --- wrong: gradients are switched off for good
# fails: adds each of the two biases once
# message: weight_ih_l0.requires_grad afterwards False, expected True. The layer was changed
#-    W_xh, W_hh = rnn.weight_ih_l0, rnn.weight_hh_l0  # (H, D), (H, H)
#+    rnn.requires_grad_(False)
#+    W_xh, W_hh = rnn.weight_ih_l0, rnn.weight_hh_l0

# --- wrong: the layer's gradients are cleared
# fails: adds each of the two biases once
# message: weight_ih_l0.grad afterwards None
#-    W_xh, W_hh = rnn.weight_ih_l0, rnn.weight_hh_l0  # (H, D), (H, H)
#+    rnn.zero_grad()
#+    W_xh, W_hh = rnn.weight_ih_l0, rnn.weight_hh_l0

# --- wrong: the sum of the biases is remembered
# fails: keeps the laws
# message: given other weights
#-    b = rnn.bias_ih_l0 + rnn.bias_hh_l0  # (H,): torch has two, the equation one
#+    if not hasattr(rnn, "bias_l0"):
#+        rnn.bias_l0 = (rnn.bias_ih_l0 + rnn.bias_hh_l0).detach()
#+    b = rnn.bias_l0

# --- right: linear layers of torch's functional interface, without gradients
def manual_rnn(rnn, X):
    weights = dict(rnn.named_parameters())
    with torch.no_grad():
        into = nn.functional.linear(X, weights["weight_ih_l0"], weights["bias_ih_l0"])
        h = torch.zeros_like(into[:, 0])
        output = torch.empty_like(into)
        for t in range(X.size(1)):
            back = nn.functional.linear(h, weights["weight_hh_l0"], weights["bias_hh_l0"])
            h = output[:, t] = torch.tanh(into[:, t] + back)
        return output

# --- right: through NumPy and back
def manual_rnn(rnn, X):
    W_xh, W_hh, b_ih, b_hh = (p.detach().numpy() for p in rnn.parameters())
    h = np.zeros((X.shape[0], rnn.hidden_size), dtype=W_xh.dtype)
    states = []
    for x in np.moveaxis(X.numpy(), 1, 0):
        h = np.tanh(x @ W_xh.T + b_ih + h @ W_hh.T + b_hh)
        states.append(h)
    return torch.from_numpy(np.stack(states, axis=1))
