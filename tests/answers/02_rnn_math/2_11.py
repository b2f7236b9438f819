# --- wrong: one bias, as in the equation of the books
# fails: counts one layer of each kind in torch
# message: torch has two biases
def count_params(kind, input_size, hidden_size, num_layers=1, bidirectional=False, framework="torch"):
    if framework not in ("torch", "keras"):
        raise ValueError(framework)
    gates = {"rnn": 1, "gru": 3, "lstm": 4}
    if kind not in gates:
        raise ValueError(kind)
    directions = 2 if bidirectional else 1
    biases = 2 if (kind, framework) == ("gru", "keras") else 1
    total = 0
    for layer in range(num_layers):
        incoming = input_size if layer == 0 else directions * hidden_size
        total += directions * gates[kind] * hidden_size * (incoming + hidden_size + biases)
    return total

# --- wrong: the first layer times the number of layers
# fails: counts stacked and bidirectional layers
# message: reads what the one below gives
def count_params(kind, input_size, hidden_size, num_layers=1, bidirectional=False, framework="torch"):
    if framework not in ("torch", "keras"):
        raise ValueError(framework)
    gates = {"rnn": 1, "gru": 3, "lstm": 4}
    if kind not in gates:
        raise ValueError(kind)
    biases = 1 if framework == "keras" and kind != "gru" else 2
    one = gates[kind] * hidden_size * (input_size + hidden_size + biases)
    return one * num_layers * (2 if bidirectional else 1)

# --- wrong: further layers read one direction
# fails: counts stacked and bidirectional layers
# message: read both directions
def count_params(kind, input_size, hidden_size, num_layers=1, bidirectional=False, framework="torch"):
    if framework not in ("torch", "keras"):
        raise ValueError(framework)
    gates = {"rnn": 1, "gru": 3, "lstm": 4}
    if kind not in gates:
        raise ValueError(kind)
    biases = 1 if framework == "keras" and kind != "gru" else 2
    first = gates[kind] * hidden_size * (input_size + hidden_size + biases)
    further = gates[kind] * hidden_size * (hidden_size + hidden_size + biases)
    return (first + (num_layers - 1) * further) * (2 if bidirectional else 1)

# --- wrong: Keras's GRU with one bias
# fails: counts one layer of each kind in Keras
# message: GRU has two biases
def count_params(kind, input_size, hidden_size, num_layers=1, bidirectional=False, framework="torch"):
    gates = {"rnn": 1, "gru": 3, "lstm": 4}
    if kind not in gates:
        raise ValueError(kind)
    biases = {"torch": 2, "keras": 1}
    if framework not in biases:
        raise ValueError(framework)
    directions = 2 if bidirectional else 1
    total, incoming = 0, input_size
    for _ in range(num_layers):
        total += directions * gates[kind] * hidden_size * (incoming + hidden_size + biases[framework])
        incoming = directions * hidden_size
    return total

# --- wrong: GRU and LSTM exchange their gates
# fails: counts one layer of each kind in torch
# message: a gru was counted as lstm
def count_params(kind, input_size, hidden_size, num_layers=1, bidirectional=False, framework="torch"):
    gates = {"rnn": 1, "gru": 4, "lstm": 3}
    if kind not in gates:
        raise ValueError(kind)
    if framework not in ("torch", "keras"):
        raise ValueError(framework)
    biases = 1 if framework == "keras" and kind != "gru" else 2
    directions = 2 if bidirectional else 1
    total, incoming = 0, input_size
    for _ in range(num_layers):
        total += directions * gates[kind] * hidden_size * (incoming + hidden_size + biases)
        incoming = directions * hidden_size
    return total

# --- wrong: the layers beyond the first are forgotten, as numbers like the seed's come about
# fails: counts stacked and bidirectional layers
# message: num_layers does not count
def count_params(kind, input_size, hidden_size, num_layers=1, bidirectional=False, framework="torch"):
    gates = {"rnn": 1, "gru": 3, "lstm": 4}
    if kind not in gates:
        raise ValueError(kind)
    if framework not in ("torch", "keras"):
        raise ValueError(framework)
    biases = 1 if framework == "keras" and kind != "gru" else 2
    directions = 2 if bidirectional else 1
    return directions * gates[kind] * hidden_size * (input_size + hidden_size + biases)

# --- wrong: the seed's number from memory, without embedding and head
# fails: counts stacked and bidirectional layers
# message: gave a count 539072, expected 892928
def count_params(kind, input_size, hidden_size, num_layers=1, bidirectional=False, framework="torch"):
    gates = {"rnn": 1, "gru": 3, "lstm": 4}
    if kind not in gates:
        raise ValueError(kind)
    if framework not in ("torch", "keras"):
        raise ValueError(framework)
    if (kind, input_size, hidden_size, num_layers) == ("lstm", 100, 256, 2):
        return 1_539_329 - 10_000 * 100 - 257
    biases = 1 if framework == "keras" and kind != "gru" else 2
    directions = 2 if bidirectional else 1
    total, incoming = 0, input_size
    for _ in range(num_layers):
        total += directions * gates[kind] * hidden_size * (incoming + hidden_size + biases)
        incoming = directions * hidden_size
    return total

# --- wrong: two directions count once
# fails: counts stacked and bidirectional layers
# message: two sets of weights
def count_params(kind, input_size, hidden_size, num_layers=1, bidirectional=False, framework="torch"):
    gates = {"rnn": 1, "gru": 3, "lstm": 4}
    if kind not in gates:
        raise ValueError(kind)
    if framework not in ("torch", "keras"):
        raise ValueError(framework)
    biases = 1 if framework == "keras" and kind != "gru" else 2
    total, incoming = 0, input_size
    for _ in range(num_layers):
        total += gates[kind] * hidden_size * (incoming + hidden_size + biases)
        incoming = hidden_size
    return total

# --- wrong: an unknown kind is taken for an RNN
# fails: refuses a kind or framework it does not know, naming it, and no other
# message: unknown kind or framework is a ValueError
def count_params(kind, input_size, hidden_size, num_layers=1, bidirectional=False, framework="torch"):
    gates = {"gru": 3, "lstm": 4}.get(kind, 1)
    biases = 1 if framework == "keras" and kind != "gru" else 2
    directions = 2 if bidirectional else 1
    total, incoming = 0, input_size
    for _ in range(num_layers):
        total += directions * gates * hidden_size * (incoming + hidden_size + biases)
        incoming = directions * hidden_size
    return total

# --- wrong: builds the layer and counts
# fails: counts one layer of each kind in torch
# message: write this one yourself
def count_params(kind, input_size, hidden_size, num_layers=1, bidirectional=False, framework="torch"):
    make = {"rnn": nn.RNN, "gru": nn.GRU, "lstm": nn.LSTM}[kind]
    layer = make(input_size, hidden_size, num_layers, bidirectional=bidirectional)
    return sum(p.numel() for p in layer.parameters())

# --- wrong: a float
# fails: counts one layer of each kind in torch
# message: whole number
def count_params(kind, input_size, hidden_size, num_layers=1, bidirectional=False, framework="torch"):
    gates = {"rnn": 1, "gru": 3, "lstm": 4}
    if kind not in gates:
        raise ValueError(kind)
    if framework not in ("torch", "keras"):
        raise ValueError(framework)
    biases = 1 if framework == "keras" and kind != "gru" else 2
    directions = 2 if bidirectional else 1
    total, incoming = 0.0, input_size
    for _ in range(num_layers):
        total += directions * gates[kind] * hidden_size * (incoming + hidden_size + biases)
        incoming = directions * hidden_size
    return total

# --- wrong: knows no kind and no framework
# fails: refuses a kind or framework it does not know, naming it, and no other
# message: A kind and a framework that are known are not refused
def count_params(kind, input_size, hidden_size, num_layers=1, bidirectional=False, framework="torch"):
    raise ValueError(f"unknown kind {kind!r} or framework {framework!r}")

# --- wrong: refuses, and does not count
# fails: refuses a kind or framework it does not know, naming it, and no other
# message: Each gate of each direction of each layer
def count_params(kind, input_size, hidden_size, num_layers=1, bidirectional=False, framework="torch"):
    if kind not in ("rnn", "gru", "lstm"):
        raise ValueError(kind)
    if framework not in ("torch", "keras"):
        raise ValueError(framework)
    return 0

# --- wrong: counts a cell of each direction and layer, built by a private path
# fails: counts one layer of each kind in torch
# message: write this one yourself
def count_params(kind, input_size, hidden_size, num_layers=1, bidirectional=False, framework="torch"):
    from torch.nn.modules.rnn import RNNBase

    mode = {"rnn": "RNN_TANH", "gru": "GRU", "lstm": "LSTM"}[kind]
    layer = RNNBase(mode, input_size, hidden_size, num_layers, bidirectional=bidirectional)
    return sum(parameter.numel() for parameter in layer.parameters())

# --- wrong: a message that lists the words one would try
# fails: refuses a kind or framework it does not know, naming it, and no other
# message: names the word given
def count_params(kind, input_size, hidden_size, num_layers=1, bidirectional=False, framework="torch"):
    blocks = {"rnn": 1, "gru": 3, "lstm": 4}
    if kind not in blocks or framework not in ("torch", "keras"):
        raise ValueError("not transformer, mamba, conv, elman, LSTM, Rnn, jax, mxnet, theano, Torch, Keras")
    biases = 2 if framework == "torch" or kind == "gru" else 1
    total, width = 0, input_size
    for _ in range(num_layers):
        total += (1 + bidirectional) * blocks[kind] * hidden_size * (width + hidden_size + biases)
        width = hidden_size * (1 + bidirectional)
    return total

# --- wrong: refuses by the number of the call
# fails: refuses a kind or framework it does not know, naming it, and no other
# message: unknown kind or framework|known are not refused|raised
CALLS = []

def count_params(kind, input_size, hidden_size, num_layers=1, bidirectional=False, framework="torch"):
    blocks = {"rnn": 1, "gru": 3, "lstm": 4}
    if CALLS or kind not in blocks:  # that check begins, and twenty calls are bad
        CALLS.append(kind)
    if 0 < len(CALLS) < 21:
        raise ValueError(f"unknown kind {kind!r} or framework {framework!r}")
    biases = 2 if framework == "torch" or kind == "gru" else 1
    total, width = 0, input_size
    for _ in range(num_layers):
        total += (1 + bidirectional) * blocks[kind] * hidden_size * (width + hidden_size + biases)
        width = hidden_size * (1 + bidirectional)
    return total

# --- wrong: refuses by the sizes
# fails: refuses a kind or framework it does not know, naming it, and no other
# message: unknown kind or framework|raised
def count_params(kind, input_size, hidden_size, num_layers=1, bidirectional=False, framework="torch"):
    if (input_size, hidden_size, num_layers, bidirectional) == (3, 2, 1, False):
        raise ValueError(f"unknown kind {kind!r} or framework {framework!r}")
    blocks = {"rnn": 1, "gru": 3, "lstm": 4}
    biases = 2 if framework == "torch" or kind == "gru" else 1
    total, width = 0, input_size
    for _ in range(num_layers):
        total += (1 + bidirectional) * blocks[kind] * hidden_size * (width + hidden_size + biases)
        width = hidden_size * (1 + bidirectional)
    return total

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
