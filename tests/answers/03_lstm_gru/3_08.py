# --- wrong: batch_first forgotten
# fails: gives what its weights say: the head of the top layer's last step
# message: batch_first=True is missing
#-        self.rnn = layers[kind](input_size, hidden_size, num_layers, batch_first=True)
#+        self.rnn = layers[kind](input_size, hidden_size, num_layers)

# --- wrong: the bottom layer's last state
# fails: gives what its weights say: the head of the top layer's last step
# message: the bottom layer's state
#-        H, _ = self.rnn(X)  # (B, T, H)
#-        return self.head(H[:, -1])  # (B, O)
#+        _, last = self.rnn(X)
#+        h = last[0] if isinstance(last, tuple) else last
#+        return self.head(h[0])

# --- wrong: the LSTM's cell state
# fails: gives what its weights say: the head of the top layer's last step
# message: That is the cell state
#-        H, _ = self.rnn(X)  # (B, T, H)
#-        return self.head(H[:, -1])  # (B, O)
#+        _, last = self.rnn(X)
#+        h = last[1] if isinstance(last, tuple) else last
#+        return self.head(h[-1])

# --- wrong: the mean over time
# fails: gives what its weights say: the head of the top layer's last step
# message: the mean over time
#-        return self.head(H[:, -1])  # (B, O)
#+        return self.head(H.mean(dim=1))

# --- wrong: num_layers is dropped
# fails: gives what its weights say: the head of the top layer's last step
# message: hand num_layers on
#-        self.rnn = layers[kind](input_size, hidden_size, num_layers, batch_first=True)
#+        self.rnn = layers[kind](input_size, hidden_size, batch_first=True)

# --- wrong: any unknown kind is an LSTM
# fails: refuses a kind it does not know, and names it
# message: ValueError that names it
#-        if kind not in layers:
#-            raise ValueError(f"kind must be 'rnn', 'lstm' or 'gru', got {kind!r}")
#-        self.rnn = layers[kind](input_size, hidden_size, num_layers, batch_first=True)
#+        layer = layers.get(kind, nn.LSTM)
#+        self.rnn = layer(input_size, hidden_size, num_layers, batch_first=True)

# --- wrong: squeezes a batch of one
# fails: keeps the laws: any size, and every parameter can be trained
# message: also for a batch of one
#-        return self.head(H[:, -1])  # (B, O)
#+        return self.head(H[:, -1]).squeeze(0)

# --- wrong: the names of the seed
# fails: has a recurrent layer `rnn` of the kind asked for, and a linear `head`
# message: There is no submodule `rnn`
#-        self.rnn = layers[kind](input_size, hidden_size, num_layers, batch_first=True)
#-        self.head = nn.Linear(hidden_size, output_size)
#+        self.lstm = layers[kind](input_size, hidden_size, num_layers, batch_first=True)
#+        self.fc = nn.Linear(hidden_size, output_size)
#
#-        H, _ = self.rnn(X)  # (B, T, H)
#-        return self.head(H[:, -1])  # (B, O)
#+        H, _ = self.lstm(X)
#+        return self.fc(H[:, -1])

# --- wrong: goes on from the state of the last call
# fails: gives what its weights say: the head of the top layer's last step
# message: nothing is remembered from call to call
#=        self.head = nn.Linear(hidden_size, output_size)
#+        self.state, self.batch = None, 0
#
#-        H, _ = self.rnn(X)  # (B, T, H)
#+        if len(X) != self.batch:
#+            self.state, self.batch = None, len(X)
#+        H, self.state = self.rnn(X, self.state)

# --- wrong: no sum may be negative
# fails: gives what its weights say: the head of the top layer's last step
# message: No activation on the output
#-        return self.head(H[:, -1])  # (B, O)
#+        return torch.relu(self.head(H[:, -1]))

# --- wrong: refuses everything
# fails: refuses a kind it does not know, naming it, and makes those it knows
# message: raised an exception
#-        if kind not in layers:
#-            raise ValueError(f"kind must be 'rnn', 'lstm' or 'gru', got {kind!r}")
#+        raise ValueError(f"kind must be 'rnn', 'lstm' or 'gru', got {kind!r}")

# --- wrong: zeros of the right shape
# fails: has a recurrent layer `rnn` of the kind asked for, and a linear `head`
# message: Four different sequences gave the same output
#-        H, _ = self.rnn(X)  # (B, T, H)
#-        return self.head(H[:, -1])  # (B, O)
#+        return torch.zeros(len(X), self.head.out_features)

# --- wrong: reads both ways
# fails: has a recurrent layer `rnn` of the kind asked for, and a linear `head`
# message: reads in one direction
#-        self.rnn = layers[kind](input_size, hidden_size, num_layers, batch_first=True)
#-        self.head = nn.Linear(hidden_size, output_size)
#+        options = {"batch_first": True, "bidirectional": True}
#+        self.rnn = layers[kind](input_size, hidden_size, num_layers, **options)
#+        self.head = nn.Linear(2 * hidden_size, output_size)

# --- wrong: dropout between the layers
# fails: gives what its weights say: the head of the top layer's last step
# message: nothing random is left on
#-        self.rnn = layers[kind](input_size, hidden_size, num_layers, batch_first=True)
#+        options = {"batch_first": True, "dropout": 0.5 if num_layers > 1 else 0.0}
#+        self.rnn = layers[kind](input_size, hidden_size, num_layers, **options)

# --- wrong: a message that lists the kinds one would try
# fails: refuses a kind it does not know, naming it, and makes those it knows
# message: a ValueError that names it
#-            raise ValueError(f"kind must be 'rnn', 'lstm' or 'gru', got {kind!r}")
#+            raise ValueError("not transformer, LSTM, gr, '' but rnn, lstm or gru")

# --- wrong: refuses by the number of the model
# fails: refuses a kind it does not know, naming it, and makes those it knows
# message: a ValueError that names it|raised
#+MADE = []
#+
#+
#=class SequenceRegressor(nn.Module):
#
#-        if kind not in layers:
#+        if MADE or (input_size, hidden_size, output_size) == (3, 2, 1):
#+            MADE.append(kind)
#+        if 3 < len(MADE) < 9:  # three are good, then five bad

# --- wrong: nothing can be trained
# fails: keeps the laws: any size, and every parameter can be trained
# message: does not require grad.* A gradient of the output reaches every parameter
#=    def forward(self, X):
#-        H, _ = self.rnn(X)  # (B, T, H)
#-        return self.head(H[:, -1])  # (B, O)
#+        with torch.no_grad():
#+            return self.head(self.rnn(X)[0][:, -1])

# --- wrong: the layer below the head cannot be trained
# fails: keeps the laws: any size, and every parameter can be trained
# message: gradient does not reach rnn.weight_ih_l0
#-        return self.head(H[:, -1])  # (B, O)
#+        return self.head(H.detach()[:, -1])

# --- wrong: reads ten steps
# fails: keeps the laws: any size, and every parameter can be trained
# message: gave the output .*the top layer's state at the last step
#-        H, _ = self.rnn(X)  # (B, T, H)
#+        H, _ = self.rnn(X[:, :10])

# --- wrong: no nn.Module, but a class around one
# fails: keeps the laws: any size, and every parameter can be trained
# message: no attribute 'rnn'
class Inner(nn.Module):
    def __init__(self, kind, *sizes):
        super().__init__()
        layers = {"rnn": nn.RNN, "lstm": nn.LSTM, "gru": nn.GRU}
        self.rnn = layers[kind](sizes[0], sizes[1], sizes[3], batch_first=True)
        self.head = nn.Linear(sizes[1], sizes[2])


class SequenceRegressor:
    def __init__(self, kind, input_size, hidden_size, output_size, num_layers=1):
        if kind not in ("rnn", "lstm", "gru"):
            raise ValueError(f"no kind {kind!r}")
        self.model = Inner(kind, input_size, hidden_size, output_size, num_layers)

    def state_dict(self):
        return self.model.state_dict()

    def load_state_dict(self, weights):
        return self.model.load_state_dict(weights)

    def __call__(self, X):
        return self.model.head(self.model.rnn(X)[0][:, -1])

# --- wrong: takes kinds as they may be written
# fails: refuses a kind it does not know, and names it
# message: anything else is a ValueError that names it
#-        if kind not in layers:
#+        kind = kind if kind.isupper() else kind.strip().lower()
#+        if kind not in layers:

# --- wrong: reads the last 128 steps
# fails: keeps the laws: any size, and every parameter can be trained
# message: the top layer's state at the last step
#-        H, _ = self.rnn(X)  # (B, T, H)
#+        H, _ = self.rnn(X[:, -128:])

# --- wrong: remembers the outputs of a tensor
# fails: gives what its weights say: the head of the top layer's last step
# message: The same tensor with other values in it is another input
#-        H, _ = self.rnn(X)  # (B, T, H)
#-        return self.head(H[:, -1])  # (B, O)
#+        if getattr(self, "last", [None])[0] is not X:
#+            self.last = X, self.head(self.rnn(X)[0][:, -1])
#+        return self.last[1]

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
