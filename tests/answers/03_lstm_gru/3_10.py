# --- wrong: one of the two biases
# fails: gives the same numbers as the PyTorch layer
# message: one of the two biases is missing
#-    bias = lstm.bias_ih_l0 + lstm.bias_hh_l0  # (4H,): Keras has one
#+    bias = lstm.bias_ih_l0

# --- wrong: the last step alone
# fails: gives the hidden state of every step
# message: return_sequences=True
#-    layer = keras.layers.LSTM(lstm.hidden_size, return_sequences=True)
#+    layer = keras.layers.LSTM(lstm.hidden_size)

# --- wrong: gates reordered although they agree
# fails: gives the same numbers as the PyTorch layer
# message: The gates were reordered
#-    layer.set_weights([weight.detach().numpy() for weight in weights])
#+    i, f, g, o = np.split(np.arange(4 * lstm.hidden_size), 4)
#+    order = np.concatenate([i, f, o, g])
#+    layer.set_weights([weight.detach().numpy()[..., order] for weight in weights])

# --- wrong: reshaped instead of transposed
# fails: gives the same numbers as the PyTorch layer
# message: largest difference
#-    weights = [lstm.weight_ih_l0.T, lstm.weight_hh_l0.T, bias]  # (D, 4H), (H, 4H), (4H,)
#+    W, U = lstm.weight_ih_l0, lstm.weight_hh_l0
#+    weights = [W.reshape(lstm.input_size, -1), U.reshape(lstm.hidden_size, -1), bias]

# --- wrong: not built yet
# fails: gives the hidden state of every step
# message: raised ValueError
#-    layer.build((None, None, lstm.input_size))

# --- wrong: no weights carried over
# fails: gives the same numbers as the PyTorch layer
# message: largest difference
#-    bias = lstm.bias_ih_l0 + lstm.bias_hh_l0  # (4H,): Keras has one
#-    weights = [lstm.weight_ih_l0.T, lstm.weight_hh_l0.T, bias]  # (D, 4H), (H, 4H), (4H,)
#-    layer.set_weights([weight.detach().numpy() for weight in weights])

# --- wrong: another curve for the gates
# fails: gives the same numbers as the PyTorch layer
# message: largest difference
#-    layer = keras.layers.LSTM(lstm.hidden_size, return_sequences=True)
#+    options = {"return_sequences": True, "recurrent_activation": "hard_sigmoid"}
#+    layer = keras.layers.LSTM(lstm.hidden_size, **options)

# --- wrong: remembers from call to call
# fails: keeps the laws: any size, one call like the other, the PyTorch layer as it was
# message: nothing is remembered from call to call
#-    layer = keras.layers.LSTM(lstm.hidden_size, return_sequences=True)
#+    class Remembering(keras.layers.LSTM):
#+        last = None
#+
#+        def call(self, X, **options):
#+            if self.last is None or self.last[0].shape[0] != X.shape[0]:
#+                self.last = None
#+            states, *self.last = super().call(X, initial_state=self.last)
#+            return states
#+
#+    layer = Remembering(lstm.hidden_size, return_sequences=True, return_state=True)

# --- wrong: the PyTorch layer keeps the sum of both biases
# fails: keeps the laws: any size, one call like the other, the PyTorch layer as it was
# message: The PyTorch layer was changed
#-    bias = lstm.bias_ih_l0 + lstm.bias_hh_l0  # (4H,): Keras has one
#+    lstm.bias_ih_l0.data += lstm.bias_hh_l0.data
#+    lstm.bias_hh_l0.data.zero_()
#+    bias = lstm.bias_ih_l0

# --- wrong: reads thirty units
# fails: keeps the laws: any size, one call like the other, the PyTorch layer as it was
# message: kernel = weight_ih_l0.T
#-    layer.set_weights([weight.detach().numpy() for weight in weights])
#+    keep = np.arange(4 * lstm.hidden_size) % lstm.hidden_size < 30
#+    layer.set_weights([np.where(keep, weight.detach().numpy(), 0) for weight in weights])

# --- wrong: calls the PyTorch layer
# fails: gives the hidden state of every step
# message: a keras.layers.LSTM that computes by itself
def keras_lstm_from_torch(lstm):
    return lambda X: lstm(torch.as_tensor(np.asarray(X)))[0].detach().numpy()

# --- wrong: a layer of Keras around the PyTorch layer, which shows that one's weights
# fails: equals PyTorch for any sizes, batches and lengths, one call like the other
# message: a keras.layers.LSTM that computes by itself
def keras_lstm_from_torch(lstm):
    class Wrapper(keras.layers.Layer):
        def call(self, X):
            states = lstm(torch.as_tensor(np.asarray(X)))[0]
            return keras.ops.convert_to_tensor(states.detach().numpy())

        def get_weights(self):
            bias = lstm.bias_ih_l0 + lstm.bias_hh_l0
            parts = (lstm.weight_ih_l0.T, lstm.weight_hh_l0.T, bias)
            return [part.detach().numpy() for part in parts]

    return Wrapper()

# --- wrong: zeros of the right shape
# fails: gives the hidden state of every step
# message: a keras.layers.LSTM that computes by itself
def keras_lstm_from_torch(lstm):
    return lambda X: keras.ops.zeros((*np.shape(X)[:2], lstm.hidden_size))

# --- wrong: the last states beside those of all steps
# fails: gives the hidden state of every step
# message: return_state stays False
#-    layer = keras.layers.LSTM(lstm.hidden_size, return_sequences=True)
#+    layer = keras.layers.LSTM(lstm.hidden_size, return_sequences=True, return_state=True)

# --- wrong: reads from the end
# fails: gives the same numbers as the PyTorch layer
# message: go_backwards stays False
#-    layer = keras.layers.LSTM(lstm.hidden_size, return_sequences=True)
#+    layer = keras.layers.LSTM(lstm.hidden_size, return_sequences=True, go_backwards=True)

# --- wrong: a class of its own, in NumPy, that is called LSTM and keeps weights like one
# fails: gives the hidden state of every step
# message: is no keras.layers.LSTM .AttributeError: 'LSTM' object has no attribute 'count_params'
class LSTM:
    def __init__(self, weights):
        self.weights = weights

    def get_weights(self):
        return self.weights

    def set_weights(self, weights):
        self.weights = weights

    def __call__(self, X):
        kernel, recurrent, bias = self.weights
        h = c = np.zeros((len(X), len(recurrent)))
        states = []
        for t in range(X.shape[1]):
            i, f, g, o = np.split(X[:, t] @ kernel + h @ recurrent + bias, 4, axis=1)
            c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
            h = sigmoid(o) * np.tanh(c)
            states.append(h)
        return keras.ops.convert_to_tensor(np.stack(states, axis=1).astype("float32"))


def keras_lstm_from_torch(lstm):
    parts = (lstm.weight_ih_l0.T, lstm.weight_hh_l0.T, lstm.bias_ih_l0 + lstm.bias_hh_l0)
    return LSTM([part.detach().numpy() for part in parts])

# --- wrong: a class of its own, with what a single step needs
# fails: gives the hidden state of every step
# message: Return a keras.layers.LSTM: it counts its weights
class LSTM:
    def __init__(self, weights):
        self.weights = weights

    def get_weights(self):
        return self.weights

    def set_weights(self, weights):
        self.weights = weights

    def __call__(self, X):
        kernel, recurrent, bias = self.weights
        h = c = np.zeros((len(X), len(recurrent)))
        states = []
        for t in range(X.shape[1]):
            i, f, g, o = np.split(X[:, t] @ kernel + h @ recurrent + bias, 4, axis=1)
            c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
            h = sigmoid(o) * np.tanh(c)
            states.append(h)
        return keras.ops.convert_to_tensor(np.stack(states, axis=1).astype("float32"))


def keras_lstm_from_torch(lstm):
    parts = (lstm.weight_ih_l0.T, lstm.weight_hh_l0.T, lstm.bias_ih_l0 + lstm.bias_hh_l0)
    return LSTM([part.detach().numpy() for part in parts])

# --- wrong: a model around the layer
# fails: gives the same numbers as the PyTorch layer
# message: is no keras.layers.LSTM .AttributeError: 'Sequential' object has no attribute 'cell'
#-    layer.build((None, None, lstm.input_size))
#+    model = keras.Sequential([keras.Input((None, lstm.input_size)), layer])
#
#-    return layer
#+    return model

# --- wrong: one layer for all calls with the same lstm
# fails: keeps the laws: any size, one call like the other, the PyTorch layer as it was
# message: Every call makes a layer of its own
#+KEPT = {}
#+
#+
#=def keras_lstm_from_torch(lstm):
#-    layer = keras.layers.LSTM(lstm.hidden_size, return_sequences=True)
#-    layer.build((None, None, lstm.input_size))
#+    if lstm not in KEPT:
#+        KEPT[lstm] = keras.layers.LSTM(lstm.hidden_size, return_sequences=True)
#+        KEPT[lstm].build((None, None, lstm.input_size))
#+    layer = KEPT[lstm]

# --- wrong: the PyTorch layer can no longer be trained
# fails: keeps the laws: any size, one call like the other, the PyTorch layer as it was
# message: goes on being trained
#=def keras_lstm_from_torch(lstm):
#+    lstm.requires_grad_(False)

# --- wrong: drops inputs while it is trained
# fails: gives the hidden state of every step
# message: the output from other states .* with nothing random in training
#-    layer = keras.layers.LSTM(lstm.hidden_size, return_sequences=True)
#+    layer = keras.layers.LSTM(lstm.hidden_size, return_sequences=True, dropout=0.2)

# --- right: built by a first call, weights assigned one by one
def keras_lstm_from_torch(lstm):
    state = {name: value.numpy() for name, value in lstm.state_dict().items()}
    hidden = state["weight_hh_l0"].shape[1]
    layer = keras.layers.LSTM(units=hidden, return_sequences=True, unit_forget_bias=False)
    layer(np.zeros((1, 1, state["weight_ih_l0"].shape[1]), "float32"))
    layer.cell.kernel.assign(state["weight_ih_l0"].T)
    layer.cell.recurrent_kernel.assign(state["weight_hh_l0"].T)
    layer.cell.bias.assign(state["bias_ih_l0"] + state["bias_hh_l0"])
    return layer

# --- right: by position, copied
def keras_lstm_from_torch(lstm):
    W, U, b, d = (np.array(parameter.detach()) for parameter in lstm.parameters())
    layer = keras.layers.LSTM(U.shape[1], return_sequences=True, use_bias=True)
    layer.build((None, 1, W.shape[1]))
    layer.set_weights([W.transpose().copy(), U.transpose().copy(), b + d])
    return layer
