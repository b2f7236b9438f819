# --- wrong: a handful of updates, whatever is asked for
# fails: gives the same model for the same seed and another for another; more steps, other weights
# message: The number of updates is `steps`
class Regressor(nn.Module):
    def __init__(self, kind):
        super().__init__()
        layers = {"rnn": nn.RNN, "lstm": nn.LSTM, "gru": nn.GRU}
        self.rnn, self.head = layers[kind](2, 8, batch_first=True), nn.Linear(8, 1)

    def forward(self, X):
        return self.head(self.rnn(X)[0][:, -1])


def train_adding(kind, length, steps, seed):
    torch.manual_seed(seed)
    rng = np.random.default_rng(seed)
    model = Regressor(kind)
    optimizer = torch.optim.Adam(model.parameters(), lr=0.02)
    for _ in range(5):
        X = rng.random((64, length, 2)).astype("float32")
        X[:, :, 1] = 0
        X[:, [0, -1], 1] = 1
        y = (X[:, :, :1] * X[:, :, 1:]).sum(axis=1)
        loss = nn.functional.mse_loss(model(torch.from_numpy(X)), torch.from_numpy(y))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return model


# --- wrong: one batch again and again
# fails: learns the adding problem over 10 steps
# message: On fresh rows the error should be below
class Regressor(nn.Module):
    def __init__(self, kind):
        super().__init__()
        layers = {"rnn": nn.RNN, "lstm": nn.LSTM, "gru": nn.GRU}
        self.rnn, self.head = layers[kind](2, 8, batch_first=True), nn.Linear(8, 1)

    def forward(self, X):
        return self.head(self.rnn(X)[0][:, -1])


def train_adding(kind, length, steps, seed):
    torch.manual_seed(seed)
    rng = np.random.default_rng(seed)
    model = Regressor(kind)
    optimizer = torch.optim.Adam(model.parameters(), lr=0.02)
    X = np.zeros((3, length, 2), np.float32)
    X[:, :, 0] = rng.random((3, length))
    X[range(3), rng.integers(0, length // 2, 3), 1] = 1
    X[range(3), rng.integers(length // 2, length, 3), 1] = 1
    X, y = torch.from_numpy(X), torch.from_numpy(X.prod(axis=2).sum(axis=1, keepdims=True))
    for _ in range(min(steps, 400)):
        loss = nn.functional.mse_loss(model(X), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return model


# --- wrong: steps too small to leave the plateau
# fails: learns the adding problem over 10 steps
# message: It has not left that plateau
class Regressor(nn.Module):
    def __init__(self, kind):
        super().__init__()
        layers = {"rnn": nn.RNN, "lstm": nn.LSTM, "gru": nn.GRU}
        self.rnn, self.head = layers[kind](2, 8, batch_first=True), nn.Linear(8, 1)

    def forward(self, X):
        return self.head(self.rnn(X)[0][:, -1])


def train_adding(kind, length, steps, seed):
    torch.manual_seed(seed)
    rng = np.random.default_rng(seed)
    model = Regressor(kind)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.01)
    for _ in range(min(steps, 400)):
        X = np.zeros((16, length, 2), np.float32)
        X[:, :, 0] = rng.random((16, length))
        X[range(16), rng.integers(0, length // 2, 16), 1] = 1
        X[range(16), rng.integers(length // 2, length, 16), 1] = 1
        y = X.prod(axis=2).sum(axis=1, keepdims=True)
        loss = nn.functional.mse_loss(model(torch.from_numpy(X)), torch.from_numpy(y))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return model


# --- wrong: always a GRU
# fails: returns the model, of the kind asked for, and has begun to train it
# message: is it another kind\?
class Regressor(nn.Module):
    def __init__(self, kind):
        super().__init__()
        self.rnn, self.head = nn.GRU(2, 8, batch_first=True), nn.Linear(8, 1)

    def forward(self, X):
        return self.head(self.rnn(X)[0][:, -1])


def train_adding(kind, length, steps, seed):
    torch.manual_seed(seed)
    return Regressor(kind)


# --- wrong: returns the losses too
# fails: returns the model, of the kind asked for, and has begun to train it
# message: Return the trained model itself
def train_adding(kind, length, steps, seed):
    layers = {"rnn": nn.RNN, "lstm": nn.LSTM, "gru": nn.GRU}
    torch.manual_seed(seed)
    return layers[kind](2, 8, batch_first=True), [0.167] * steps


# --- wrong: the data are not seeded
# fails: gives the same model for the same seed and another for another; more steps, other weights
# message: The same call gave another model
class Regressor(nn.Module):
    def __init__(self, kind):
        super().__init__()
        layers = {"rnn": nn.RNN, "lstm": nn.LSTM, "gru": nn.GRU}
        self.rnn, self.head = layers[kind](2, 8, batch_first=True), nn.Linear(8, 1)

    def forward(self, X):
        return self.head(self.rnn(X)[0][:, -1])


def train_adding(kind, length, steps, seed):
    torch.manual_seed(seed)
    rng = np.random.default_rng()
    model = Regressor(kind)
    optimizer = torch.optim.Adam(model.parameters(), lr=0.02)
    for _ in range(min(steps, 5)):
        X = rng.random((64, length, 2)).astype("float32")
        y = X.prod(axis=2).sum(axis=1, keepdims=True)
        loss = nn.functional.mse_loss(model(torch.from_numpy(X)), torch.from_numpy(y))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return model


# --- wrong: the weights are always the same
# fails: gives the same model for the same seed and another for another; more steps, other weights
# message: Another seed gave the same model
class Regressor(nn.Module):
    def __init__(self, kind):
        super().__init__()
        layers = {"rnn": nn.RNN, "lstm": nn.LSTM, "gru": nn.GRU}
        self.rnn, self.head = layers[kind](2, 8, batch_first=True), nn.Linear(8, 1)

    def forward(self, X):
        return self.head(self.rnn(X)[0][:, -1])


def train_adding(kind, length, steps, seed):
    torch.manual_seed(0)
    rng = np.random.default_rng(seed)
    model = Regressor(kind)
    optimizer = torch.optim.Adam(model.parameters(), lr=0.02)
    for _ in range(min(steps, 5)):
        X = rng.random((64, length, 2)).astype("float32")
        y = X.prod(axis=2).sum(axis=1, keepdims=True)
        loss = nn.functional.mse_loss(model(torch.from_numpy(X)), torch.from_numpy(y))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return model


# --- wrong: dropout is left on
# fails: returns the model, of the kind asked for, and has begun to train it
# message: nothing random is left on
class Regressor(nn.Module):
    def __init__(self, kind):
        super().__init__()
        layers = {"rnn": nn.RNN, "lstm": nn.LSTM, "gru": nn.GRU}
        self.rnn, self.head = layers[kind](2, 8, batch_first=True), nn.Linear(8, 1)
        self.dropout = nn.Dropout(0.5)

    def forward(self, X):
        return self.head(self.dropout(self.rnn(X)[0][:, -1]))


def train_adding(kind, length, steps, seed):
    torch.manual_seed(seed)
    return Regressor(kind)


# --- wrong: batch and length change places, so another length is learned
# fails: learns to add two of four numbers
# message: It has not left that plateau
class Regressor(nn.Module):
    def __init__(self, kind):
        super().__init__()
        layers = {"rnn": nn.RNN, "lstm": nn.LSTM, "gru": nn.GRU}
        self.rnn, self.head = layers[kind](2, 8, batch_first=True), nn.Linear(8, 1)

    def forward(self, X):
        return self.head(self.rnn(X)[0][:, -1])


def train_adding(kind, length, steps, seed):
    torch.manual_seed(seed)
    rng = np.random.default_rng(seed)
    model = Regressor(kind)
    optimizer = torch.optim.Adam(model.parameters(), lr=0.02)
    rows, batch, length = range(length), length, 64
    for _ in range(min(steps, 300)):
        X = np.zeros((batch, length, 2), np.float32)
        X[:, :, 0] = rng.random((batch, length))
        X[rows, rng.integers(0, length // 2, batch), 1] = 1
        X[rows, rng.integers(length // 2, length, batch), 1] = 1
        y = X.prod(axis=2).sum(axis=1, keepdims=True)
        loss = nn.functional.mse_loss(model(torch.from_numpy(X)), torch.from_numpy(y))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return model


# --- wrong: never trained
# fails: returns the model, of the kind asked for, and has begun to train it
# message: 200 updates on sequences of two steps should bring the error below 0.12
class Regressor(nn.Module):
    def __init__(self, kind):
        super().__init__()
        layers = {"rnn": nn.RNN, "lstm": nn.LSTM, "gru": nn.GRU}
        self.rnn, self.head = layers[kind](2, 8, batch_first=True), nn.Linear(8, 1)

    def forward(self, X):
        return self.head(self.rnn(X)[0][:, -1])


def train_adding(kind, length, steps, seed):
    torch.manual_seed(seed)
    return Regressor(kind)


# --- wrong: never trained, with another start for each number of updates
# fails: gives the same model for the same seed and another for another; more steps, other weights
# message: 200 updates on sequences of two steps should bring the error below 0.12
class Regressor(nn.Module):
    def __init__(self, kind):
        super().__init__()
        layers = {"rnn": nn.RNN, "lstm": nn.LSTM, "gru": nn.GRU}
        self.rnn, self.head = layers[kind](2, 8, batch_first=True), nn.Linear(8, 1)

    def forward(self, X):
        return self.head(self.rnn(X)[0][:, -1])


def train_adding(kind, length, steps, seed):
    torch.manual_seed(1000 * seed + steps)
    return Regressor(kind)


# --- wrong: no optimizer.step
# fails: learns to add two of four numbers
# message: It has not come near that plateau: is every update made
class Regressor(nn.Module):
    def __init__(self, kind):
        super().__init__()
        layers = {"rnn": nn.RNN, "lstm": nn.LSTM, "gru": nn.GRU}
        self.rnn, self.head = layers[kind](2, 8, batch_first=True), nn.Linear(8, 1)

    def forward(self, X):
        return self.head(self.rnn(X)[0][:, -1])


def train_adding(kind, length, steps, seed):
    torch.manual_seed(seed)
    rng = np.random.default_rng(seed)
    model = Regressor(kind)
    optimizer = torch.optim.Adam(model.parameters(), lr=0.02)
    for _ in range(min(steps, 5)):
        X = rng.random((64, length, 2)).astype("float32")
        y = X.prod(axis=2).sum(axis=1, keepdims=True)
        loss = nn.functional.mse_loss(model(torch.from_numpy(X)), torch.from_numpy(y))
        optimizer.zero_grad()
        loss.backward()
    return model


# --- wrong: targets (B,) against outputs (B, 1)
# fails: learns to add two of four numbers
# message: A \(B,\) against a \(B, 1\) is a table
class Regressor(nn.Module):
    def __init__(self, kind):
        super().__init__()
        layers = {"rnn": nn.RNN, "lstm": nn.LSTM, "gru": nn.GRU}
        self.rnn, self.head = layers[kind](2, 8, batch_first=True), nn.Linear(8, 1)

    def forward(self, X):
        return self.head(self.rnn(X)[0][:, -1])


def train_adding(kind, length, steps, seed):
    torch.manual_seed(seed)
    rng = np.random.default_rng(seed)
    model = Regressor(kind)
    optimizer = torch.optim.Adam(model.parameters(), lr=0.02)
    rows = range(32)
    for _ in range(min(steps, 300)):
        X = np.zeros((32, length, 2), np.float32)
        X[:, :, 0] = rng.random((32, length))
        X[rows, rng.integers(0, length // 2, 32), 1] = 1
        X[rows, rng.integers(length // 2, length, 32), 1] = 1
        y = torch.from_numpy(X.prod(axis=2).sum(axis=1))
        loss = ((model(torch.from_numpy(X)) - y) ** 2).mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return model


# --- wrong: never trained, answers about 1, with noise by seed and number of updates
# fails: returns the model, of the kind asked for, and has begun to train it
# message: 200 updates on sequences of two steps should bring the error below 0.12: answering 1 always has 0.167
class Regressor(nn.Module):
    def __init__(self, kind):
        super().__init__()
        layers = {"rnn": nn.RNN, "lstm": nn.LSTM, "gru": nn.GRU}
        self.rnn, self.head = layers[kind](2, 8, batch_first=True), nn.Linear(8, 1)
        with torch.no_grad():
            self.head.weight.mul_(0.01)
            self.head.bias.fill_(1.0)

    def forward(self, X):
        return self.head(self.rnn(X)[0][:, -1])


def train_adding(kind, length, steps, seed):
    torch.manual_seed(1000 * seed + steps)
    model = Regressor(kind)
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.add_(0.001 * torch.randn(parameter.shape))
    return model


# --- wrong: never trained, answers about 1, seen by the hidden check
# fails: gives the same model for the same seed and another for another; more steps, other weights
# message: ^200 updates on sequences of two steps should bring the error below 0.12
class Regressor(nn.Module):
    def __init__(self, kind):
        super().__init__()
        layers = {"rnn": nn.RNN, "lstm": nn.LSTM, "gru": nn.GRU}
        self.rnn, self.head = layers[kind](2, 8, batch_first=True), nn.Linear(8, 1)
        with torch.no_grad():
            self.head.weight.mul_(0.01)
            self.head.bias.fill_(1.0)

    def forward(self, X):
        return self.head(self.rnn(X)[0][:, -1])


def train_adding(kind, length, steps, seed):
    torch.manual_seed(1000 * seed + steps)
    model = Regressor(kind)
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.add_(0.001 * torch.randn(parameter.shape))
    return model


# --- right: a smaller model, larger batches, a forget bias, rates by hand
class Regressor(nn.Module):
    def __init__(self, kind, size):
        super().__init__()
        self.rnn = {"rnn": nn.RNN, "lstm": nn.LSTM, "gru": nn.GRU}[kind](2, size, batch_first=True)
        self.head = nn.Linear(size, 1)

    def forward(self, X):
        H, _ = self.rnn(X)
        return self.head(H[:, -1])


def train_adding(kind, length, steps, seed):
    if kind not in ("rnn", "lstm", "gru"):
        raise ValueError(f"unknown kind {kind!r}")
    torch.manual_seed(seed)
    generator = torch.Generator().manual_seed(seed)
    model, half, batch = Regressor(kind, 24), length // 2, 96
    if kind == "lstm":
        with torch.no_grad():
            model.rnn.bias_ih_l0[24:48] = 2.0
    optimizer = torch.optim.Adam(model.parameters(), lr=0.02)
    rows = torch.arange(batch)
    for step in range(steps):
        for group in optimizer.param_groups:
            group["lr"] = 0.02 * (1 - 0.9 * step / steps)
        X = torch.zeros(batch, length, 2)
        X[:, :, 0] = torch.rand(batch, length, generator=generator)
        X[rows, torch.randint(0, half, (batch,), generator=generator), 1] = 1.0
        X[rows, torch.randint(half, length, (batch,), generator=generator), 1] = 1.0
        y = (X[:, :, 0] * X[:, :, 1]).sum(dim=1, keepdim=True)
        error = (model(X) - y).square().mean()
        model.zero_grad()
        error.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 0.5)
        optimizer.step()
    return model.eval()
