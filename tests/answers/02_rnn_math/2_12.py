# --- wrong: the recurrent kernel is not transposed, which fits because it is square
# fails: moves matrices the right way round and gives every step
# message: recurrent matrix was not turned round
#-    weights = [rnn.weight_ih_l0.T, rnn.weight_hh_l0.T]  # (D, H), (H, H)
#+    weights = [rnn.weight_ih_l0.T, rnn.weight_hh_l0]

# --- wrong: the second bias is left behind
# fails: moves the weights of a single unit, both biases among them
# message: bias_hh_l0 is missing
#-        weights.append(rnn.bias_ih_l0 + rnn.bias_hh_l0)  # (H,)
#+        weights.append(rnn.bias_ih_l0)

# --- wrong: the bias is added twice
# fails: moves the weights of a single unit, both biases among them
# message: bias_hh_l0 was added twice
#-        weights.append(rnn.bias_ih_l0 + rnn.bias_hh_l0)  # (H,)
#+        weights.append(rnn.bias_hh_l0 + rnn.bias_hh_l0)

# --- wrong: the last state alone
# fails: moves the weights of a single unit, both biases among them
# message: last state came back alone
#-    layer = keras.layers.SimpleRNN(rnn.hidden_size, return_sequences=True, use_bias=rnn.bias)
#+    layer = keras.layers.SimpleRNN(rnn.hidden_size, use_bias=rnn.bias)

# --- wrong: weights for a layer that has none yet
# fails: moves the weights of a single unit, both biases among them
# message: raised ValueError.*set_weights
#-    layer.build((None, None, rnn.input_size))

# --- wrong: goes on where the last call ended
# fails: agrees for any layer, any batch and length, and starts from zero at every call
# message: .
#-    layer = keras.layers.SimpleRNN(rnn.hidden_size, return_sequences=True, use_bias=rnn.bias)
#-    layer.build((None, None, rnn.input_size))
#+    layer = keras.layers.SimpleRNN(
#+        rnn.hidden_size, return_sequences=True, use_bias=rnn.bias, stateful=True
#+    )
#+    layer.build((3, None, rnn.input_size))

# --- wrong: takes the first layer of a stack, and relu for tanh
# fails: refuses a layer outside this exercise, saying why, and no other
# message: names num_layers. Here the layer is nn.RNN\(3, 2, batch_first=True, num_layers=2
#-    if rnn.num_layers != 1:
#-        raise ValueError(f"num_layers must be 1, got {rnn.num_layers}")
#-    if rnn.bidirectional:
#-        raise ValueError("bidirectional must be False: SimpleRNN reads one way")
#-    if rnn.nonlinearity != "tanh":
#-        raise ValueError(f"nonlinearity must be 'tanh', got {rnn.nonlinearity!r}")

# --- wrong: needs biases
# fails: moves a layer without biases
# message: made with bias=False has no bias_ih_l0
#-    if rnn.bias:
#-        weights.append(rnn.bias_ih_l0 + rnn.bias_hh_l0)  # (H,)
#+    weights.append(rnn.bias_ih_l0 + rnn.bias_hh_l0)

# --- wrong: reads from the end
# fails: moves the weights of a single unit, both biases among them
# message: every step
#-    layer = keras.layers.SimpleRNN(rnn.hidden_size, return_sequences=True, use_bias=rnn.bias)
#+    layer = keras.layers.SimpleRNN(
#+        rnn.hidden_size, return_sequences=True, use_bias=rnn.bias, go_backwards=True
#+    )

# --- wrong: another activation
# fails: moves the weights of a single unit, both biases among them
# message: every step
#-    layer = keras.layers.SimpleRNN(rnn.hidden_size, return_sequences=True, use_bias=rnn.bias)
#+    layer = keras.layers.SimpleRNN(
#+        rnn.hidden_size, return_sequences=True, use_bias=rnn.bias, activation="sigmoid"
#+    )

# --- wrong: the torch layer itself
# fails: moves the weights of a single unit, both biases among them
# message: .
#-    return layer
#+    return lambda X: rnn(torch.tensor(X))[0]

# --- wrong: nothing is returned
# fails: moves the weights of a single unit, both biases among them
# message: gave None, expected a layer
#-    return layer

# --- wrong: relu is translated
# fails: refuses a layer outside this exercise, saying why, and no other
# message: names nonlinearity. Here the layer is nn.RNN\(3, 2, batch_first=True, nonlinearity='relu'
#-    if rnn.nonlinearity != "tanh":
#-        raise ValueError(f"nonlinearity must be 'tanh', got {rnn.nonlinearity!r}")
#
#-    layer = keras.layers.SimpleRNN(rnn.hidden_size, return_sequences=True, use_bias=rnn.bias)
#+    layer = keras.layers.SimpleRNN(
#+        rnn.hidden_size, return_sequences=True, use_bias=rnn.bias, activation=rnn.nonlinearity
#+    )

# --- wrong: a function around the torch layer, a tensor of Keras comes out
# fails: moves the weights of a single unit, both biases among them
# message: gave through_torch, a function, expected a layer, keras.layers.SimpleRNN. .*nothing wrapped around the torch layer
#-    return layer
#+    def through_torch(X):
#+        return keras.ops.convert_to_tensor(rnn(torch.tensor(np.asarray(X)))[0].detach().numpy())
#+    return through_torch

# --- wrong: a function around the torch layer, whatever its size
# fails: agrees for any layer, any batch and length, and starts from zero at every call
# message: nothing wrapped around the torch layer
#-    return layer
#+    def through_torch(X):
#+        return keras.ops.convert_to_tensor(rnn(torch.tensor(np.asarray(X)))[0].detach().numpy())
#+    return through_torch

# --- wrong: a function around the torch layer, with biases or without
# fails: moves a layer without biases
# message: nothing wrapped around the torch layer
#-    return layer
#+    def through_torch(X):
#+        return keras.ops.convert_to_tensor(rnn(torch.tensor(np.asarray(X)))[0].detach().numpy())
#+    return through_torch

# --- wrong: an object around the torch layer, of a class that is called SimpleRNN
# fails: moves the weights of a single unit, both biases among them
# message: raised AttributeError: 'SimpleRNN' object has no attribute 'units'
#-    return layer
#+    class SimpleRNN:
#+        def __call__(self, X):
#+            Y = rnn(torch.tensor(np.asarray(X)))[0]
#+            return keras.ops.convert_to_tensor(Y.detach().numpy())
#+    return SimpleRNN()

# --- wrong: an object around the torch layer that tells a layer's sizes
# fails: moves matrices the right way round and gives every step
# message: raised AttributeError: 'SimpleRNN' object has no attribute 'get_weights'
#-    return layer
#+    class SimpleRNN:
#+        units, return_sequences = rnn.hidden_size, True
#+        def __call__(self, X):
#+            Y = rnn(torch.tensor(np.asarray(X)))[0]
#+            return keras.ops.convert_to_tensor(Y.detach().numpy())
#+    return SimpleRNN()

# --- wrong: an object around the torch layer that tells the right weights too
# fails: moves the weights of a single unit, both biases among them
# message: `keras_from_torch\(.*\)\.set_weights\(.* raised AttributeError
#-    return layer
#+    class SimpleRNN:
#+        units, return_sequences = rnn.hidden_size, True
#+        get_weights = layer.get_weights
#+        def __call__(self, X):
#+            Y = rnn(torch.tensor(np.asarray(X)))[0]
#+            return keras.ops.convert_to_tensor(Y.detach().numpy())
#+    return SimpleRNN()

# --- wrong: a Lambda layer around the torch layer
# fails: moves the weights of a single unit, both biases among them
# message: gave Lambda, expected a layer, keras.layers.SimpleRNN
#-    return layer
#+    def through_torch(X):
#+        return keras.ops.convert_to_tensor(rnn(torch.tensor(np.asarray(X)))[0].detach().numpy())
#+    return keras.layers.Lambda(through_torch)

# --- wrong: a subclass that holds the weights and runs the torch layer
# fails: moves matrices the right way round and gives every step
# message: gave Twin, expected a layer, keras.layers.SimpleRNN.*no subclass
#-    layer = keras.layers.SimpleRNN(rnn.hidden_size, return_sequences=True, use_bias=rnn.bias)
#+    class Twin(keras.layers.SimpleRNN):
#+        def call(self, X, **options):
#+            Y = rnn(torch.tensor(np.asarray(X)))[0]
#+            return keras.ops.convert_to_tensor(Y.detach().numpy())
#+    layer = Twin(rnn.hidden_size, return_sequences=True, use_bias=rnn.bias)

# --- wrong: a layer whose weights are not used
# fails: moves matrices the right way round and gives every step
# message: its output did not follow
#-    layer = keras.layers.SimpleRNN(rnn.hidden_size, return_sequences=True, use_bias=rnn.bias)
#+    class SimpleRNN(keras.layers.SimpleRNN):
#+        def call(self, X, **options):
#+            Y = rnn(torch.tensor(np.asarray(X)))[0]
#+            return keras.ops.convert_to_tensor(Y.detach().numpy())
#+    layer = SimpleRNN(rnn.hidden_size, return_sequences=True, use_bias=rnn.bias)

# --- wrong: a layer whose weights are not used, nor set
# fails: moves the weights of a single unit, both biases among them
# message: The kernel that the layer holds is not the torch layer's
#-    layer = keras.layers.SimpleRNN(rnn.hidden_size, return_sequences=True, use_bias=rnn.bias)
#+    class SimpleRNN(keras.layers.SimpleRNN):
#+        def call(self, X, **options):
#+            Y = rnn(torch.tensor(np.asarray(X)))[0]
#+            return keras.ops.convert_to_tensor(Y.detach().numpy())
#+    layer = SimpleRNN(rnn.hidden_size, return_sequences=True, use_bias=rnn.bias)
#
#-    layer.set_weights([weight.detach().numpy() for weight in weights])

# --- wrong: a model around the layer
# fails: moves the weights of a single unit, both biases among them
# message: gave Sequential, expected a layer, keras.layers.SimpleRNN. .*no model
#-    return layer
#+    return keras.Sequential([keras.Input((None, rnn.input_size)), layer])

# --- wrong: refuses every layer
# fails: refuses a layer outside this exercise, saying why, and no other
# message: raised ValueError: num_layers, bidirectional or nonlinearity.*is moved, not refused. Here weight_ih_l0 = \[\[0.5\]\]
def keras_from_torch(rnn):
    raise ValueError("num_layers, bidirectional or nonlinearity is not as it has to be")

# --- wrong: refuses every layer, whatever its size
# fails: refuses every layer outside this exercise, and no other
# message: is moved, not refused
def keras_from_torch(rnn):
    raise ValueError("num_layers, bidirectional or nonlinearity is not as it has to be")

# --- wrong: refuses as told, and sets no weights
# fails: refuses a layer outside this exercise, saying why, and no other
# message: The layer has to give what the nn.RNN gives for every step: are its weights set
#-    layer.set_weights([weight.detach().numpy() for weight in weights])

# --- wrong: refuses as told, and sets no weights, whatever the size
# fails: refuses every layer outside this exercise, and no other
# message: The layer has to give what the nn.RNN gives for every step: are its weights set
#-    layer.set_weights([weight.detach().numpy() for weight in weights])

# --- wrong: a class of its own, in NumPy, that is called SimpleRNN and keeps weights like one
# fails: moves the weights of a single unit, both biases among them
# message: raised AttributeError: 'SimpleRNN' object has no attribute 'count_params'.*its `cell` makes a single step
class SimpleRNN:
    def __init__(self, units, weights):
        self.units, self.return_sequences, self.weights = units, True, weights

    def get_weights(self):
        return [np.array(w) for w in self.weights]

    def set_weights(self, weights):
        self.weights = weights

    def __call__(self, X):
        kernel, recurrent, bias = self.weights
        h, states = np.zeros((len(X), self.units)), []
        for t in range(X.shape[1]):
            h = np.tanh(X[:, t] @ kernel + h @ recurrent + bias)
            states.append(h)
        return keras.ops.convert_to_tensor(np.stack(states, axis=1).astype("float32"))


def keras_from_torch(rnn):
    if rnn.num_layers != 1 or rnn.bidirectional or rnn.nonlinearity != "tanh":
        raise ValueError("needs num_layers 1, bidirectional False, nonlinearity tanh")
    bias = rnn.bias_ih_l0 + rnn.bias_hh_l0 if rnn.bias else torch.zeros(rnn.hidden_size)
    weights = [w.detach().numpy() for w in (rnn.weight_ih_l0.T, rnn.weight_hh_l0.T, bias)]
    return SimpleRNN(rnn.hidden_size, weights)

# --- wrong: a subclass of the same name that computes in NumPy, from zero whatever it is given
# fails: agrees for any layer, any batch and length, and starts from zero at every call
# message: it starts from another state when one is given
class SimpleRNN(keras.layers.SimpleRNN):
    def call(self, X, initial_state=None, **options):
        kernel, recurrent, *bias = self.get_weights()
        X = np.asarray(X)
        h, states = np.zeros((len(X), self.units)), []
        for t in range(X.shape[1]):
            h = np.tanh(X[:, t] @ kernel + h @ recurrent + sum(bias))
            states.append(h)
        return keras.ops.convert_to_tensor(np.stack(states, axis=1).astype("float32"))


def keras_from_torch(rnn):
    if rnn.num_layers != 1 or rnn.bidirectional or rnn.nonlinearity != "tanh":
        raise ValueError("needs num_layers 1, bidirectional False, nonlinearity tanh")
    layer = SimpleRNN(rnn.hidden_size, return_sequences=True, use_bias=rnn.bias)
    layer.build((None, None, rnn.input_size))
    weights = [rnn.weight_ih_l0.T, rnn.weight_hh_l0.T]
    if rnn.bias:
        weights.append(rnn.bias_ih_l0 + rnn.bias_hh_l0)
    layer.set_weights([w.detach().numpy() for w in weights])
    return layer

# --- wrong: one layer for all that have its size
# fails: moves matrices the right way round and gives every step
# message: What the first call returned changed
#+LAYERS = {}
#+
#=def keras_from_torch(rnn):
#
#-    layer = keras.layers.SimpleRNN(rnn.hidden_size, return_sequences=True, use_bias=rnn.bias)
#-    layer.build((None, None, rnn.input_size))
#+    layer = LAYERS.setdefault(
#+        (rnn.input_size, rnn.hidden_size, rnn.bias),
#+        keras.layers.SimpleRNN(rnn.hidden_size, return_sequences=True, use_bias=rnn.bias),
#+    )
#+    layer.build((None, None, rnn.input_size))

# --- wrong: the torch layer is frozen and set to evaluation
# fails: moves the weights of a single unit, both biases among them
# message: weight_ih_l0.requires_grad afterwards False, expected True. The layer was changed
#=    weights = [rnn.weight_ih_l0.T, rnn.weight_hh_l0.T]  # (D, H), (H, H)
#+    rnn.eval().requires_grad_(False)

# --- wrong: weights in half precision
# fails: moves matrices the right way round and gives every step
# message: The layer has to give what the nn.RNN gives
#-    layer.set_weights([weight.detach().numpy() for weight in weights])
#+    layer.set_weights([weight.detach().numpy().astype(np.float16) for weight in weights])

# --- wrong: dropout while training
# fails: moves matrices the right way round and gives every step
# message: without dropout it gives the same with `training=True`
#-    layer = keras.layers.SimpleRNN(rnn.hidden_size, return_sequences=True, use_bias=rnn.bias)
#+    layer = keras.layers.SimpleRNN(
#+        rnn.hidden_size, return_sequences=True, use_bias=rnn.bias, recurrent_dropout=0.1
#+    )

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
