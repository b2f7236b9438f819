# --- wrong: the recurrent kernel is not transposed, which fits because it is square
# fails: moves matrices the right way round and gives every step
# message: recurrent matrix was not turned round
def keras_from_torch(rnn):
    if rnn.num_layers != 1 or rnn.bidirectional or rnn.nonlinearity != "tanh":
        raise ValueError("needs num_layers 1, bidirectional False, nonlinearity tanh")
    layer = keras.layers.SimpleRNN(rnn.hidden_size, return_sequences=True, use_bias=rnn.bias)
    layer.build((None, None, rnn.input_size))
    weights = [rnn.weight_ih_l0.T, rnn.weight_hh_l0]
    if rnn.bias:
        weights.append(rnn.bias_ih_l0 + rnn.bias_hh_l0)
    layer.set_weights([w.detach().numpy() for w in weights])
    return layer

# --- wrong: the second bias is left behind
# fails: moves the weights of a single unit, both biases among them
# message: bias_hh_l0 is missing
def keras_from_torch(rnn):
    if rnn.num_layers != 1 or rnn.bidirectional or rnn.nonlinearity != "tanh":
        raise ValueError("needs num_layers 1, bidirectional False, nonlinearity tanh")
    layer = keras.layers.SimpleRNN(rnn.hidden_size, return_sequences=True, use_bias=rnn.bias)
    layer.build((None, None, rnn.input_size))
    weights = [rnn.weight_ih_l0.T, rnn.weight_hh_l0.T]
    if rnn.bias:
        weights.append(rnn.bias_ih_l0)
    layer.set_weights([w.detach().numpy() for w in weights])
    return layer

# --- wrong: the bias is added twice
# fails: moves the weights of a single unit, both biases among them
# message: bias_hh_l0 was added twice
def keras_from_torch(rnn):
    if rnn.num_layers != 1 or rnn.bidirectional or rnn.nonlinearity != "tanh":
        raise ValueError("needs num_layers 1, bidirectional False, nonlinearity tanh")
    layer = keras.layers.SimpleRNN(rnn.hidden_size, return_sequences=True, use_bias=rnn.bias)
    layer.build((None, None, rnn.input_size))
    weights = [rnn.weight_ih_l0.T, rnn.weight_hh_l0.T]
    if rnn.bias:
        weights.append(rnn.bias_hh_l0 + rnn.bias_hh_l0)
    layer.set_weights([w.detach().numpy() for w in weights])
    return layer

# --- wrong: the last state alone
# fails: moves the weights of a single unit, both biases among them
# message: last state came back alone
def keras_from_torch(rnn):
    if rnn.num_layers != 1 or rnn.bidirectional or rnn.nonlinearity != "tanh":
        raise ValueError("needs num_layers 1, bidirectional False, nonlinearity tanh")
    layer = keras.layers.SimpleRNN(rnn.hidden_size, use_bias=rnn.bias)
    layer.build((None, None, rnn.input_size))
    weights = [rnn.weight_ih_l0.T, rnn.weight_hh_l0.T]
    if rnn.bias:
        weights.append(rnn.bias_ih_l0 + rnn.bias_hh_l0)
    layer.set_weights([w.detach().numpy() for w in weights])
    return layer

# --- wrong: weights for a layer that has none yet
# fails: moves the weights of a single unit, both biases among them
# message: raised ValueError.*set_weights
def keras_from_torch(rnn):
    if rnn.num_layers != 1 or rnn.bidirectional or rnn.nonlinearity != "tanh":
        raise ValueError("needs num_layers 1, bidirectional False, nonlinearity tanh")
    layer = keras.layers.SimpleRNN(rnn.hidden_size, return_sequences=True)
    bias = rnn.bias_ih_l0 + rnn.bias_hh_l0
    weights = [rnn.weight_ih_l0.T, rnn.weight_hh_l0.T, bias]
    layer.set_weights([w.detach().numpy() for w in weights])
    return layer

# --- wrong: goes on where the last call ended
# fails: agrees for any layer, any batch and length, and starts from zero at every call
# message: .
def keras_from_torch(rnn):
    if rnn.num_layers != 1 or rnn.bidirectional or rnn.nonlinearity != "tanh":
        raise ValueError("needs num_layers 1, bidirectional False, nonlinearity tanh")
    layer = keras.layers.SimpleRNN(
        rnn.hidden_size, return_sequences=True, use_bias=rnn.bias, stateful=True
    )
    layer.build((3, None, rnn.input_size))
    weights = [rnn.weight_ih_l0.T, rnn.weight_hh_l0.T]
    if rnn.bias:
        weights.append(rnn.bias_ih_l0 + rnn.bias_hh_l0)
    layer.set_weights([w.detach().numpy() for w in weights])
    return layer

# --- wrong: takes the first layer of a stack, and relu for tanh
# fails: refuses a layer outside this exercise, saying why
# message: names num_layers. Here the layer is nn.RNN\(3, 2, batch_first=True, num_layers=2
def keras_from_torch(rnn):
    layer = keras.layers.SimpleRNN(rnn.hidden_size, return_sequences=True, use_bias=rnn.bias)
    layer.build((None, None, rnn.input_size))
    weights = [rnn.weight_ih_l0.T, rnn.weight_hh_l0.T]
    if rnn.bias:
        weights.append(rnn.bias_ih_l0 + rnn.bias_hh_l0)
    layer.set_weights([w.detach().numpy() for w in weights])
    return layer

# --- wrong: needs biases
# fails: moves a layer without biases
# message: made with bias=False has no bias_ih_l0
def keras_from_torch(rnn):
    if rnn.num_layers != 1 or rnn.bidirectional or rnn.nonlinearity != "tanh":
        raise ValueError("needs num_layers 1, bidirectional False, nonlinearity tanh")
    layer = keras.layers.SimpleRNN(rnn.hidden_size, return_sequences=True)
    layer.build((None, None, rnn.input_size))
    bias = rnn.bias_ih_l0 + rnn.bias_hh_l0
    weights = [rnn.weight_ih_l0.T, rnn.weight_hh_l0.T, bias]
    layer.set_weights([w.detach().numpy() for w in weights])
    return layer

# --- wrong: reads from the end
# fails: moves the weights of a single unit, both biases among them
# message: every step
def keras_from_torch(rnn):
    if rnn.num_layers != 1 or rnn.bidirectional or rnn.nonlinearity != "tanh":
        raise ValueError("needs num_layers 1, bidirectional False, nonlinearity tanh")
    layer = keras.layers.SimpleRNN(
        rnn.hidden_size, return_sequences=True, use_bias=rnn.bias, go_backwards=True
    )
    layer.build((None, None, rnn.input_size))
    weights = [rnn.weight_ih_l0.T, rnn.weight_hh_l0.T]
    if rnn.bias:
        weights.append(rnn.bias_ih_l0 + rnn.bias_hh_l0)
    layer.set_weights([w.detach().numpy() for w in weights])
    return layer

# --- wrong: another activation
# fails: moves the weights of a single unit, both biases among them
# message: every step
def keras_from_torch(rnn):
    if rnn.num_layers != 1 or rnn.bidirectional or rnn.nonlinearity != "tanh":
        raise ValueError("needs num_layers 1, bidirectional False, nonlinearity tanh")
    layer = keras.layers.SimpleRNN(
        rnn.hidden_size, activation="sigmoid", return_sequences=True, use_bias=rnn.bias
    )
    layer.build((None, None, rnn.input_size))
    weights = [rnn.weight_ih_l0.T, rnn.weight_hh_l0.T]
    if rnn.bias:
        weights.append(rnn.bias_ih_l0 + rnn.bias_hh_l0)
    layer.set_weights([w.detach().numpy() for w in weights])
    return layer

# --- wrong: the torch layer itself
# fails: moves the weights of a single unit, both biases among them
# message: .
def keras_from_torch(rnn):
    if rnn.num_layers != 1 or rnn.bidirectional or rnn.nonlinearity != "tanh":
        raise ValueError("needs num_layers 1, bidirectional False, nonlinearity tanh")
    return lambda X: rnn(torch.tensor(X))[0]

# --- wrong: nothing is returned
# fails: moves the weights of a single unit, both biases among them
# message: gave None, expected a layer
def keras_from_torch(rnn):
    if rnn.num_layers != 1 or rnn.bidirectional or rnn.nonlinearity != "tanh":
        raise ValueError("needs num_layers 1, bidirectional False, nonlinearity tanh")
    layer = keras.layers.SimpleRNN(rnn.hidden_size, return_sequences=True)
    layer.build((None, None, rnn.input_size))

# --- wrong: relu is translated
# fails: refuses a layer outside this exercise, saying why
# message: names nonlinearity. Here the layer is nn.RNN\(3, 2, batch_first=True, nonlinearity='relu'
def keras_from_torch(rnn):
    for name, wanted in (("num_layers", 1), ("bidirectional", False)):
        if getattr(rnn, name) != wanted:
            raise ValueError(f"{name} has to be {wanted}")
    layer = keras.layers.SimpleRNN(
        rnn.hidden_size, return_sequences=True, use_bias=rnn.bias, activation=rnn.nonlinearity
    )
    layer.build((None, None, rnn.input_size))
    weights = [rnn.weight_ih_l0.T, rnn.weight_hh_l0.T]
    if rnn.bias:
        weights.append(rnn.bias_ih_l0 + rnn.bias_hh_l0)
    layer.set_weights([w.detach().numpy() for w in weights])
    return layer

# --- right: built by a first call, weights assigned one by one, zeros where there is no bias
def keras_from_torch(rnn):
    for name, wanted in (("num_layers", 1), ("bidirectional", False), ("nonlinearity", "tanh")):
        if getattr(rnn, name) != wanted:
            raise ValueError(f"{name} must be {wanted}")
    state = {name: value.numpy() for name, value in rnn.state_dict().items()}
    layer = keras.layers.SimpleRNN(rnn.hidden_size, return_sequences=True)
    layer(np.zeros((1, 1, rnn.input_size), dtype=np.float32))
    layer.cell.kernel.assign(state["weight_ih_l0"].T)
    layer.cell.recurrent_kernel.assign(state["weight_hh_l0"].T)
    biases = [state[name] for name in ("bias_ih_l0", "bias_hh_l0") if name in state]
    layer.cell.bias.assign(np.sum(biases, axis=0) if biases else np.zeros(rnn.hidden_size))
    return layer

# --- right: by constant initializers
def keras_from_torch(rnn):
    if rnn.num_layers > 1:
        raise ValueError("one layer only: num_layers")
    if rnn.bidirectional:
        raise ValueError("not bidirectional, please")
    if rnn.mode != "RNN_TANH":
        raise ValueError("nonlinearity: tanh only")

    def constant(tensor):
        value = tensor.detach().numpy().copy()
        return lambda shape, dtype=None: keras.ops.convert_to_tensor(value.reshape(shape), dtype)

    bias = rnn.bias_ih_l0 + rnn.bias_hh_l0 if rnn.bias else torch.zeros(rnn.hidden_size)
    return keras.layers.SimpleRNN(
        rnn.hidden_size,
        return_sequences=True,
        kernel_initializer=constant(rnn.weight_ih_l0.T),
        recurrent_initializer=constant(rnn.weight_hh_l0.T),
        bias_initializer=constant(bias),
    )
