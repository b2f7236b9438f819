# --- wrong: one bias, as in the equation of the books
# fails: counts one layer of each kind, in torch and in Keras
# message: torch has two biases
#-    biases = 2 if framework == "torch" or kind == "gru" else 1
#+    biases = 2 if framework == "keras" and kind == "gru" else 1

# --- wrong: the first layer times the number of layers
# fails: counts stacked and bidirectional layers
# message: reads what the one below gives
#-        incoming = directions * hidden_size

# --- wrong: further layers read one direction
# fails: counts stacked and bidirectional layers
# message: read both directions
#-        incoming = directions * hidden_size
#+        incoming = hidden_size

# --- wrong: Keras's GRU with one bias
# fails: counts one layer of each kind, in torch and in Keras
# message: GRU has two biases
#-    biases = 2 if framework == "torch" or kind == "gru" else 1
#+    biases = 2 if framework == "torch" else 1

# --- wrong: GRU and LSTM exchange their gates
# fails: counts one layer of each kind, in torch and in Keras
# message: a gru was counted as lstm
#-    blocks = {"rnn": 1, "gru": 3, "lstm": 4}
#+    blocks = {"rnn": 1, "gru": 4, "lstm": 3}

# --- wrong: the layers beyond the first are forgotten, as numbers like the seed's come about
# fails: counts stacked and bidirectional layers
# message: num_layers does not count
#-    for _ in range(num_layers):
#+    for _ in range(1):

# --- wrong: the seed's number from memory, without embedding and head
# fails: counts stacked and bidirectional layers
# message: gave a count 539072, expected 892928
#=        raise ValueError(f"framework must be 'torch' or 'keras', got {framework!r}")
#+    if (kind, input_size, hidden_size, num_layers) == ("lstm", 100, 256, 2):
#+        return 1_539_329 - 10_000 * 100 - 257

# --- wrong: two directions count once
# fails: counts stacked and bidirectional layers
# message: two sets of weights
#-    directions = 2 if bidirectional else 1
#+    directions = 1

# --- wrong: an unknown kind is taken for an RNN
# fails: refuses a kind or framework it does not know, naming it
# message: unknown kind or framework is a ValueError
#-    if kind not in blocks:
#-        raise ValueError(f"kind must be 'rnn', 'gru' or 'lstm', got {kind!r}")
#+    kind = kind if kind in blocks else "rnn"

# --- wrong: builds the layer and counts
# fails: counts one layer of each kind, in torch and in Keras
# message: write this one yourself
def count_params(kind, input_size, hidden_size, num_layers=1, bidirectional=False, framework="torch"):
    make = {"rnn": nn.RNN, "gru": nn.GRU, "lstm": nn.LSTM}[kind]
    layer = make(input_size, hidden_size, num_layers, bidirectional=bidirectional)
    return sum(p.numel() for p in layer.parameters())

# --- wrong: a float
# fails: counts one layer of each kind, in torch and in Keras
# message: whole number
#-    total, incoming = 0, input_size
#+    total, incoming = 0.0, input_size

# --- wrong: knows no kind and no framework
# fails: refuses a kind or framework it does not know, naming it, and no other
# message: A kind and a framework that are known are not refused
def count_params(kind, input_size, hidden_size, num_layers=1, bidirectional=False, framework="torch"):
    raise ValueError(f"unknown kind {kind!r} or framework {framework!r}")

# --- wrong: refuses, and does not count
# fails: refuses a kind or framework it does not know, naming it, and no other
# message: Each gate of each direction of each layer
#-    return total
#+    return 0

# --- wrong: counts a cell of each direction and layer, built by a private path
# fails: counts one layer of each kind, in torch and in Keras
# message: write this one yourself
def count_params(kind, input_size, hidden_size, num_layers=1, bidirectional=False, framework="torch"):
    from torch.nn.modules.rnn import RNNBase

    mode = {"rnn": "RNN_TANH", "gru": "GRU", "lstm": "LSTM"}[kind]
    layer = RNNBase(mode, input_size, hidden_size, num_layers, bidirectional=bidirectional)
    return sum(parameter.numel() for parameter in layer.parameters())

# --- wrong: a message that lists the words one would try
# fails: refuses a kind or framework it does not know, naming it, and no other
# message: names the word given
#-        raise ValueError(f"kind must be 'rnn', 'gru' or 'lstm', got {kind!r}")
#+        raise ValueError("not transformer, mamba, conv, elman, LSTM, Rnn, jax, Torch, Keras")

# --- wrong: refuses by the number of the call
# fails: refuses a kind or framework it does not know, naming it, and no other
# message: unknown kind or framework|known are not refused|raised
#-    if kind not in blocks:
#-        raise ValueError(f"kind must be 'rnn', 'gru' or 'lstm', got {kind!r}")
#-    if framework not in ("torch", "keras"):
#-        raise ValueError(f"framework must be 'torch' or 'keras', got {framework!r}")
#+    if CALLS or kind not in blocks:  # that check begins, and twenty calls are bad
#+        CALLS.append(kind)
#+    if 0 < len(CALLS) < 21:
#+        raise ValueError(f"unknown kind {kind!r} or framework {framework!r}")
#
#=    return total
#+
#+CALLS = []

# --- wrong: refuses by the sizes
# fails: refuses a kind or framework it does not know, naming it, and no other
# message: unknown kind or framework|raised
#-    if kind not in blocks:
#-        raise ValueError(f"kind must be 'rnn', 'gru' or 'lstm', got {kind!r}")
#-    if framework not in ("torch", "keras"):
#-        raise ValueError(f"framework must be 'torch' or 'keras', got {framework!r}")
#+    if (input_size, hidden_size, num_layers, bidirectional) == (3, 2, 1, False):
#+        raise ValueError(f"unknown kind {kind!r} or framework {framework!r}")

# --- wrong: counts three layers at most
# fails: keeps the laws
# message: any size: here
#-    for _ in range(num_layers):
#+    for _ in range(min(num_layers, 3)):

# --- wrong: a part of a kind's name is enough
# fails: refuses a kind or framework it does not know, naming it
# message: raised nothing, expected ValueError
#-    if kind not in blocks:
#+    if kind not in "rnn gru lstm":
#
#-        total += directions * blocks[kind] * hidden_size * (incoming + hidden_size + biases)
#+        total += directions * blocks.get(kind, 1) * hidden_size * (incoming + hidden_size + biases)

# --- wrong: names what is allowed and not what was given
# fails: refuses a kind or framework it does not know, naming it
# message: expected it to name the problem .something like 'elman'
#-        raise ValueError(f"kind must be 'rnn', 'gru' or 'lstm', got {kind!r}")
#+        raise ValueError("kind must be 'rnn', 'gru' or 'lstm'")

# --- wrong: a sum of floats, which has sixteen digits
# fails: keeps the laws
# message: any size: here hidden_size
#-    blocks = {"rnn": 1, "gru": 3, "lstm": 4}
#+    blocks = {"rnn": 1.0, "gru": 3.0, "lstm": 4.0}
#
#-    return total
#+    return int(total)

# --- right: in closed form, without a loop
def count_params(kind, input_size, hidden_size, num_layers=1, bidirectional=False, framework="torch"):
    try:
        blocks = ("rnn", None, "gru", "lstm").index(kind) + 1
    except ValueError:
        raise ValueError(f"{kind} is no kind of recurrent layer") from None
    if framework == "torch":
        two = True
    elif framework == "keras":
        two = kind == "gru"
    else:
        raise ValueError(f"unknown framework {framework}")
    d = 1 + bidirectional
    recurrent = hidden_size * hidden_size + (hidden_size * 2 if two else hidden_size)
    inputs = hidden_size * (input_size + (num_layers - 1) * d * hidden_size)
    return d * blocks * (num_layers * recurrent + inputs)

# --- right: one layer on top of the others
def count_params(kind, input_size, hidden_size, num_layers=1, bidirectional=False, framework="torch"):
    if kind not in ("rnn", "gru", "lstm"):
        raise ValueError(f"kind {kind!r}")
    if framework not in ("torch", "keras"):
        raise ValueError(f"framework {framework!r}")
    if num_layers == 0:
        return 0
    rows = hidden_size * dict(rnn=1, gru=3, lstm=4)[kind]
    sizes = [rows * input_size, rows * hidden_size, rows]
    if framework == "torch" or kind == "gru":
        sizes.append(rows)
    below = hidden_size * (2 if bidirectional else 1)
    above = count_params(kind, below, hidden_size, num_layers - 1, bidirectional, framework)
    return np.int64(sum(sizes) * (2 if bidirectional else 1) + above)
