# --- wrong: batch_first forgotten
# fails: gives what its weights say: the head of the last step
# message: batch_first=True is missing
class SequenceRegressor(nn.Module):
    def __init__(self, kind, input_size, hidden_size, output_size, num_layers=1):
        super().__init__()
        layers = {"rnn": nn.RNN, "lstm": nn.LSTM, "gru": nn.GRU}
        if kind not in layers:
            raise ValueError(f"unknown kind {kind!r}")
        self.rnn = layers[kind](input_size, hidden_size, num_layers)
        self.head = nn.Linear(hidden_size, output_size)

    def forward(self, X):
        return self.head(self.rnn(X)[0][:, -1])


# --- wrong: the bottom layer's last state
# fails: computes sequences of any length with any number of layers, one call like the other
# message: the bottom layer's state
class SequenceRegressor(nn.Module):
    def __init__(self, kind, input_size, hidden_size, output_size, num_layers=1):
        super().__init__()
        layers = {"rnn": nn.RNN, "lstm": nn.LSTM, "gru": nn.GRU}
        if kind not in layers:
            raise ValueError(f"unknown kind {kind!r}")
        self.rnn = layers[kind](input_size, hidden_size, num_layers, batch_first=True)
        self.head = nn.Linear(hidden_size, output_size)

    def forward(self, X):
        _, last = self.rnn(X)
        h = last[0] if isinstance(last, tuple) else last
        return self.head(h[0])


# --- wrong: the LSTM's cell state
# fails: gives what its weights say: the head of the last step
# message: That is the cell state
class SequenceRegressor(nn.Module):
    def __init__(self, kind, input_size, hidden_size, output_size, num_layers=1):
        super().__init__()
        layers = {"rnn": nn.RNN, "lstm": nn.LSTM, "gru": nn.GRU}
        if kind not in layers:
            raise ValueError(f"unknown kind {kind!r}")
        self.rnn = layers[kind](input_size, hidden_size, num_layers, batch_first=True)
        self.head = nn.Linear(hidden_size, output_size)

    def forward(self, X):
        _, last = self.rnn(X)
        h = last[1] if isinstance(last, tuple) else last
        return self.head(h[-1])


# --- wrong: the mean over time
# fails: gives what its weights say: the head of the last step
# message: the mean over time
class SequenceRegressor(nn.Module):
    def __init__(self, kind, input_size, hidden_size, output_size, num_layers=1):
        super().__init__()
        layers = {"rnn": nn.RNN, "lstm": nn.LSTM, "gru": nn.GRU}
        if kind not in layers:
            raise ValueError(f"unknown kind {kind!r}")
        self.rnn = layers[kind](input_size, hidden_size, num_layers, batch_first=True)
        self.head = nn.Linear(hidden_size, output_size)

    def forward(self, X):
        return self.head(self.rnn(X)[0].mean(dim=1))


# --- wrong: num_layers is dropped
# fails: computes sequences of any length with any number of layers, one call like the other
# message: hand num_layers on
class SequenceRegressor(nn.Module):
    def __init__(self, kind, input_size, hidden_size, output_size, num_layers=1):
        super().__init__()
        layers = {"rnn": nn.RNN, "lstm": nn.LSTM, "gru": nn.GRU}
        if kind not in layers:
            raise ValueError(f"unknown kind {kind!r}")
        self.rnn = layers[kind](input_size, hidden_size, batch_first=True)
        self.head = nn.Linear(hidden_size, output_size)

    def forward(self, X):
        return self.head(self.rnn(X)[0][:, -1])


# --- wrong: any unknown kind is an LSTM
# fails: refuses a kind it does not know, naming it, and makes those it knows
# message: ValueError that names it
class SequenceRegressor(nn.Module):
    def __init__(self, kind, input_size, hidden_size, output_size, num_layers=1):
        super().__init__()
        layer = nn.RNN if kind == "rnn" else nn.GRU if kind == "gru" else nn.LSTM
        self.rnn = layer(input_size, hidden_size, num_layers, batch_first=True)
        self.head = nn.Linear(hidden_size, output_size)

    def forward(self, X):
        return self.head(self.rnn(X)[0][:, -1])


# --- wrong: squeezes a batch of one
# fails: computes sequences of any length with any number of layers, one call like the other
# message: also for a batch of one
class SequenceRegressor(nn.Module):
    def __init__(self, kind, input_size, hidden_size, output_size, num_layers=1):
        super().__init__()
        layers = {"rnn": nn.RNN, "lstm": nn.LSTM, "gru": nn.GRU}
        if kind not in layers:
            raise ValueError(f"unknown kind {kind!r}")
        self.rnn = layers[kind](input_size, hidden_size, num_layers, batch_first=True)
        self.head = nn.Linear(hidden_size, output_size)

    def forward(self, X):
        return self.head(self.rnn(X)[0][:, -1]).squeeze(0)


# --- wrong: the names of the seed
# fails: has a recurrent layer `rnn` of the kind asked for, and a linear `head`
# message: There is no submodule `rnn`
class SequenceRegressor(nn.Module):
    def __init__(self, kind, input_size, hidden_size, output_size, num_layers=1):
        super().__init__()
        layers = {"rnn": nn.RNN, "lstm": nn.LSTM, "gru": nn.GRU}
        if kind not in layers:
            raise ValueError(f"unknown kind {kind!r}")
        self.lstm = layers[kind](input_size, hidden_size, num_layers, batch_first=True)
        self.fc = nn.Linear(hidden_size, output_size)

    def forward(self, X):
        return self.fc(self.lstm(X)[0][:, -1])


# --- wrong: goes on from the state of the last call
# fails: computes sequences of any length with any number of layers, one call like the other
# message: nothing is remembered from call to call
class SequenceRegressor(nn.Module):
    def __init__(self, kind, input_size, hidden_size, output_size, num_layers=1):
        super().__init__()
        layers = {"rnn": nn.RNN, "lstm": nn.LSTM, "gru": nn.GRU}
        if kind not in layers:
            raise ValueError(f"unknown kind {kind!r}")
        self.rnn = layers[kind](input_size, hidden_size, num_layers, batch_first=True)
        self.head = nn.Linear(hidden_size, output_size)
        self.state, self.batch = None, 0

    def forward(self, X):
        if len(X) != self.batch:
            self.state, self.batch = None, len(X)
        H, self.state = self.rnn(X, self.state)
        return self.head(H[:, -1])


# --- wrong: no sum may be negative
# fails: gives what its weights say: the head of the last step
# message: No activation on the output
class SequenceRegressor(nn.Module):
    def __init__(self, kind, input_size, hidden_size, output_size, num_layers=1):
        super().__init__()
        layers = {"rnn": nn.RNN, "lstm": nn.LSTM, "gru": nn.GRU}
        if kind not in layers:
            raise ValueError(f"unknown kind {kind!r}")
        self.rnn = layers[kind](input_size, hidden_size, num_layers, batch_first=True)
        self.head = nn.Linear(hidden_size, output_size)

    def forward(self, X):
        return torch.relu(self.head(self.rnn(X)[0][:, -1]))


# --- wrong: refuses everything
# fails: refuses a kind it does not know, naming it, and makes those it knows
# message: raised an exception
class SequenceRegressor(nn.Module):
    def __init__(self, kind, input_size, hidden_size, output_size, num_layers=1):
        raise ValueError(f"kind must be 'rnn', 'lstm' or 'gru', got {kind!r}")


# --- wrong: zeros of the right shape
# fails: has a recurrent layer `rnn` of the kind asked for, and a linear `head`
# message: Four different sequences gave the same output
class SequenceRegressor(nn.Module):
    def __init__(self, kind, input_size, hidden_size, output_size, num_layers=1):
        super().__init__()
        layers = {"rnn": nn.RNN, "lstm": nn.LSTM, "gru": nn.GRU}
        if kind not in layers:
            raise ValueError(f"unknown kind {kind!r}")
        self.rnn = layers[kind](input_size, hidden_size, num_layers, batch_first=True)
        self.head = nn.Linear(hidden_size, output_size)

    def forward(self, X):
        return torch.zeros(len(X), self.head.out_features)


# --- wrong: reads both ways
# fails: has a recurrent layer `rnn` of the kind asked for, and a linear `head`
# message: reads in one direction
class SequenceRegressor(nn.Module):
    def __init__(self, kind, input_size, hidden_size, output_size, num_layers=1):
        super().__init__()
        layers = {"rnn": nn.RNN, "lstm": nn.LSTM, "gru": nn.GRU}
        if kind not in layers:
            raise ValueError(f"unknown kind {kind!r}")
        self.rnn = layers[kind](
            input_size, hidden_size, num_layers, batch_first=True, bidirectional=True
        )
        self.head = nn.Linear(2 * hidden_size, output_size)

    def forward(self, X):
        return self.head(self.rnn(X)[0][:, -1])


# --- wrong: dropout between the layers
# fails: computes sequences of any length with any number of layers, one call like the other
# message: nothing random is left on
class SequenceRegressor(nn.Module):
    def __init__(self, kind, input_size, hidden_size, output_size, num_layers=1):
        super().__init__()
        layers = {"rnn": nn.RNN, "lstm": nn.LSTM, "gru": nn.GRU}
        if kind not in layers:
            raise ValueError(f"unknown kind {kind!r}")
        dropout = 0.5 if num_layers > 1 else 0.0
        self.rnn = layers[kind](
            input_size, hidden_size, num_layers, batch_first=True, dropout=dropout
        )
        self.head = nn.Linear(hidden_size, output_size)

    def forward(self, X):
        return self.head(self.rnn(X)[0][:, -1])


# --- wrong: a message that lists the kinds one would try
# fails: refuses a kind it does not know, naming it, and makes those it knows
# message: a ValueError that names it
class SequenceRegressor(nn.Module):
    def __init__(self, kind, input_size, hidden_size, output_size, num_layers=1):
        super().__init__()
        layers = {"rnn": nn.RNN, "lstm": nn.LSTM, "gru": nn.GRU}
        if kind not in layers:
            raise ValueError("not transformer, LSTM, gr, '' but rnn, lstm or gru")
        self.rnn = layers[kind](input_size, hidden_size, num_layers, batch_first=True)
        self.head = nn.Linear(hidden_size, output_size)

    def forward(self, X):
        return self.head(self.rnn(X)[0][:, -1])


# --- wrong: refuses by the number of the model
# fails: refuses a kind it does not know, naming it, and makes those it knows
# message: a ValueError that names it|raised
MADE = []


class SequenceRegressor(nn.Module):
    def __init__(self, kind, input_size, hidden_size, output_size, num_layers=1):
        super().__init__()
        if MADE or (input_size, hidden_size, output_size) == (3, 2, 1):
            MADE.append(kind)
        if 3 < len(MADE) < 9:  # three are good, then five bad
            raise ValueError(f"unknown kind {kind!r}")
        layer = {"rnn": nn.RNN, "lstm": nn.LSTM, "gru": nn.GRU}[kind]
        self.rnn = layer(input_size, hidden_size, num_layers, batch_first=True)
        self.head = nn.Linear(hidden_size, output_size)

    def forward(self, X):
        return self.head(self.rnn(X)[0][:, -1])


# --- right: the last state of the top layer, with zeros as the start
class SequenceRegressor(nn.Module):
    def __init__(self, kind, input_size, hidden_size, output_size, num_layers=1):
        super().__init__()
        if kind not in ("rnn", "lstm", "gru"):
            raise ValueError("no such kind: " + kind)
        layer = getattr(nn, kind.upper())
        self.rnn = layer(
            input_size=input_size, hidden_size=hidden_size, num_layers=num_layers, batch_first=True
        )
        self.head = nn.Linear(hidden_size, output_size)
        self.kind = kind

    def forward(self, X):
        h0 = torch.zeros(self.rnn.num_layers, X.size(0), self.rnn.hidden_size)
        if self.kind == "lstm":
            _, (h, _) = self.rnn(X, (h0, torch.zeros_like(h0)))
        else:
            _, h = self.rnn(X, h0)
        return self.head(h[-1])


# --- right: time first inside
class SequenceRegressor(nn.Module):
    def __init__(self, kind, input_size, hidden_size, output_size, num_layers=1):
        if kind == "rnn":
            layer = nn.RNN
        elif kind == "lstm":
            layer = nn.LSTM
        elif kind == "gru":
            layer = nn.GRU
        else:
            raise ValueError(f"kind {kind!r} is unknown")
        nn.Module.__init__(self)
        self.head = nn.Linear(hidden_size, output_size)
        self.rnn = layer(input_size, hidden_size, num_layers)

    def forward(self, X):
        states = self.rnn(X.transpose(0, 1))[0]
        return self.head(states)[-1]
