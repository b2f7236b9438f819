# --- wrong: a handful of updates, whatever is asked for
# fails: gives the same model for the same seed and another for another; more steps, other weights
# message: The number of updates is `steps`
def train_adding(kind, length, steps, seed):
    torch.manual_seed(seed)
    model = nn.Module()
    model.rnn, model.head = getattr(nn, kind.upper())(2, 8, batch_first=True), nn.Linear(8, 1)
    model.forward = lambda X: model.head(model.rnn(X)[0][:, -1])
    optimizer = torch.optim.Adam(model.parameters(), lr=0.02)
    for _ in range(5):
        X = torch.rand(64, length, 2)
        loss = nn.functional.mse_loss(model(X), X.prod(dim=2).sum(dim=1, keepdim=True))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return model

# --- wrong: one batch again and again
# fails: learns the adding problem over 10 steps
# message: On fresh rows the error should be below
def train_adding(kind, length, steps, seed):
    torch.manual_seed(seed)
    model = nn.Module()
    model.rnn, model.head = getattr(nn, kind.upper())(2, 8, batch_first=True), nn.Linear(8, 1)
    model.forward = lambda X: model.head(model.rnn(X)[0][:, -1])
    optimizer = torch.optim.Adam(model.parameters(), lr=0.02)
    rng = np.random.default_rng(seed)
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
def train_adding(kind, length, steps, seed):
    torch.manual_seed(seed)
    model = nn.Module()
    model.rnn, model.head = getattr(nn, kind.upper())(2, 8, batch_first=True), nn.Linear(8, 1)
    model.forward = lambda X: model.head(model.rnn(X)[0][:, -1])
    optimizer = torch.optim.SGD(model.parameters(), lr=0.01)
    for _ in range(min(steps, 400)):
        X, half = torch.rand(16, length, 2), length // 2
        X[:, :, 1] = torch.eye(length)[torch.randint(0, half, (16,))]
        X[:, :, 1] += torch.eye(length)[torch.randint(half, length, (16,))]
        loss = nn.functional.mse_loss(model(X), X.prod(dim=2).sum(dim=1, keepdim=True))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return model

# --- wrong: always a GRU
# fails: returns the model, of the kind asked for, and has begun to train it
# message: is it another kind\?
def train_adding(kind, length, steps, seed):
    torch.manual_seed(seed)
    model = nn.Module()
    model.rnn, model.head = nn.GRU(2, 8, batch_first=True), nn.Linear(8, 1)
    model.forward = lambda X: model.head(model.rnn(X)[0][:, -1])
    return model

# --- wrong: returns the losses too
# fails: returns the model, of the kind asked for, and has begun to train it
# message: Return the trained model itself
def train_adding(kind, length, steps, seed):
    torch.manual_seed(seed)
    return getattr(nn, kind.upper())(2, 8, batch_first=True), [0.167] * steps

# --- wrong: the data are not seeded
# fails: gives the same model for the same seed and another for another; more steps, other weights
# message: The same call gave another model
def train_adding(kind, length, steps, seed):
    torch.manual_seed(seed)
    model = nn.Module()
    model.rnn, model.head = getattr(nn, kind.upper())(2, 8, batch_first=True), nn.Linear(8, 1)
    model.forward = lambda X: model.head(model.rnn(X)[0][:, -1])
    rng = np.random.default_rng()
    optimizer = torch.optim.Adam(model.parameters(), lr=0.02)
    for _ in range(min(steps, 5)):
        X = torch.from_numpy(rng.random((64, length, 2), np.float32))
        loss = nn.functional.mse_loss(model(X), X.prod(dim=2).sum(dim=1, keepdim=True))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return model

# --- wrong: the weights are always the same
# fails: gives the same model for the same seed and another for another; more steps, other weights
# message: Another seed gave the same model
def train_adding(kind, length, steps, seed):
    torch.manual_seed(0)
    model = nn.Module()
    model.rnn, model.head = getattr(nn, kind.upper())(2, 8, batch_first=True), nn.Linear(8, 1)
    model.forward = lambda X: model.head(model.rnn(X)[0][:, -1])
    rng = np.random.default_rng(seed)
    optimizer = torch.optim.Adam(model.parameters(), lr=0.02)
    for _ in range(min(steps, 5)):
        X = torch.from_numpy(rng.random((64, length, 2), np.float32))
        loss = nn.functional.mse_loss(model(X), X.prod(dim=2).sum(dim=1, keepdim=True))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return model

# --- wrong: dropout is left on
# fails: returns the model, of the kind asked for, and has begun to train it
# message: nothing random is left on
def train_adding(kind, length, steps, seed):
    torch.manual_seed(seed)
    model = nn.Module()
    model.rnn, model.head = getattr(nn, kind.upper())(2, 8, batch_first=True), nn.Linear(8, 1)
    model.dropout = nn.Dropout(0.5)
    model.forward = lambda X: model.head(model.dropout(model.rnn(X)[0][:, -1]))
    return model

# --- wrong: batch and length change places, so another length is learned
# fails: learns to add two of four numbers
# message: It has not left that plateau
def train_adding(kind, length, steps, seed):
    torch.manual_seed(seed)
    model = nn.Module()
    model.rnn, model.head = getattr(nn, kind.upper())(2, 8, batch_first=True), nn.Linear(8, 1)
    model.forward = lambda X: model.head(model.rnn(X)[0][:, -1])
    optimizer = torch.optim.Adam(model.parameters(), lr=0.02)
    rng = np.random.default_rng(seed)
    rows, batch, length = range(length), length, 64
    for _ in range(min(steps, 300)):
        X = np.zeros((batch, length, 2), np.float32)
        X[:, :, 0] = rng.random((batch, length))
        X[rows, rng.integers(0, length // 2, batch), 1] = 1
        X[rows, rng.integers(length // 2, length, batch), 1] = 1
        X = torch.from_numpy(X)
        loss = nn.functional.mse_loss(model(X), X.prod(dim=2).sum(dim=1, keepdim=True))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return model

# --- wrong: never trained
# fails: returns the model, of the kind asked for, and has begun to train it
# message: 200 updates on sequences of two steps should bring the error below 0.12
def train_adding(kind, length, steps, seed):
    torch.manual_seed(seed)
    model = nn.Module()
    model.rnn, model.head = getattr(nn, kind.upper())(2, 8, batch_first=True), nn.Linear(8, 1)
    model.forward = lambda X: model.head(model.rnn(X)[0][:, -1])
    return model

# --- wrong: never trained, with another start for each number of updates
# fails: gives the same model for the same seed and another for another; more steps, other weights
# message: 200 updates on sequences of two steps should bring the error below 0.12
def train_adding(kind, length, steps, seed):
    torch.manual_seed(1000 * seed + steps)
    model = nn.Module()
    model.rnn, model.head = getattr(nn, kind.upper())(2, 8, batch_first=True), nn.Linear(8, 1)
    model.forward = lambda X: model.head(model.rnn(X)[0][:, -1])
    return model

# --- wrong: no optimizer.step
# fails: learns to add two of four numbers
# message: It has not come near that plateau: is every update made
def train_adding(kind, length, steps, seed):
    torch.manual_seed(seed)
    model = nn.Module()
    model.rnn, model.head = getattr(nn, kind.upper())(2, 8, batch_first=True), nn.Linear(8, 1)
    model.forward = lambda X: model.head(model.rnn(X)[0][:, -1])
    optimizer = torch.optim.Adam(model.parameters(), lr=0.02)
    for _ in range(min(steps, 5)):
        X = torch.rand(64, length, 2)
        loss = nn.functional.mse_loss(model(X), X.prod(dim=2).sum(dim=1, keepdim=True))
        optimizer.zero_grad()
        loss.backward()
    return model

# --- wrong: targets (B,) against outputs (B, 1)
# fails: learns to add two of four numbers
# message: A \(B,\) against a \(B, 1\) is a table
def train_adding(kind, length, steps, seed):
    torch.manual_seed(seed)
    model = nn.Module()
    model.rnn, model.head = getattr(nn, kind.upper())(2, 8, batch_first=True), nn.Linear(8, 1)
    model.forward = lambda X: model.head(model.rnn(X)[0][:, -1])
    optimizer = torch.optim.Adam(model.parameters(), lr=0.02)
    for _ in range(min(steps, 300)):
        X, half = torch.rand(32, length, 2), length // 2
        X[:, :, 1] = torch.eye(length)[torch.randint(0, half, (32,))]
        X[:, :, 1] += torch.eye(length)[torch.randint(half, length, (32,))]
        loss = ((model(X) - X.prod(dim=2).sum(dim=1)) ** 2).mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return model

# --- wrong: never trained, answers about 1, with noise by seed and number of updates
# fails: returns the model, of the kind asked for, and has begun to train it
# message: 200 updates on sequences of two steps should bring the error below 0.12: answering 1 always has 0.167
def train_adding(kind, length, steps, seed):
    torch.manual_seed(1000 * seed + steps)
    model = nn.Module()
    model.rnn, model.head = getattr(nn, kind.upper())(2, 8, batch_first=True), nn.Linear(8, 1)
    model.forward = lambda X: model.head(model.rnn(X)[0][:, -1])
    with torch.no_grad():
        model.head.weight.mul_(0.01)
        model.head.bias.fill_(1.0)
        for parameter in model.parameters():
            parameter.add_(0.001 * torch.randn(parameter.shape))
    return model

# --- wrong: never trained, answers about 1, seen by the hidden check
# fails: gives the same model for the same seed and another for another; more steps, other weights
# message: ^200 updates on sequences of two steps should bring the error below 0.12
def train_adding(kind, length, steps, seed):
    torch.manual_seed(1000 * seed + steps)
    model = nn.Module()
    model.rnn, model.head = getattr(nn, kind.upper())(2, 8, batch_first=True), nn.Linear(8, 1)
    model.forward = lambda X: model.head(model.rnn(X)[0][:, -1])
    with torch.no_grad():
        model.head.weight.mul_(0.01)
        model.head.bias.fill_(1.0)
        for parameter in model.parameters():
            parameter.add_(0.001 * torch.randn(parameter.shape))
    return model

# --- wrong: many more updates than told
# fails: returns the model, of the kind asked for, and has begun to train it
# message: Are there more than told, or weights that were ready before
#-    for step in range(steps):
#-        optimizer.param_groups[0]["lr"] = 0.02 * (1 - step / steps)
#+    for _ in range(steps + 400 if 0 < steps < 6 else min(steps, 6)):

# --- wrong: many more updates than told, seen by the hidden check
# fails: gives the same model for the same seed and another for another; more steps, other weights
# message: ^`steps` is the number of updates, from a random start
#-    for step in range(steps):
#-        optimizer.param_groups[0]["lr"] = 0.02 * (1 - step / steps)
#+    for _ in range(steps + 400 if 0 < steps < 6 else min(steps, 6)):

# --- wrong: trains on four steps, whatever the length
# fails: learns the adding problem over 10 steps
# message: On fresh rows the error should be below
#-        X, y = map(torch.from_numpy, adding_problem(64, length, rng))  # (B, T, 2), (B, 1)
#+        X, y = map(torch.from_numpy, adding_problem(64, min(length, 4), rng))

# --- wrong: trains on four steps, whatever the length, seen by the hidden goal
# fails: with a GRU: remembers two numbers over 50 steps
# message: On fresh rows the error should be below
#-        X, y = map(torch.from_numpy, adding_problem(64, length, rng))  # (B, T, 2), (B, 1)
#+        X, y = map(torch.from_numpy, adding_problem(64, min(length, 4), rng))

# --- wrong: one batch of 16 rows again and again
# fails: learns the adding problem over 10 steps
# message: is every step a fresh batch|On fresh rows the error should be below
#-    for step in range(steps):
#+    for step in range(min(steps, 300)):
#+        rng = np.random.default_rng(seed)
#
#-        X, y = map(torch.from_numpy, adding_problem(64, length, rng))  # (B, T, 2), (B, 1)
#+        X, y = map(torch.from_numpy, adding_problem(16, length, rng))

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

# --- right: a set of 1,000 rows, drawn once, of which each update sees 64
#=    optimizer = torch.optim.Adam(model.parameters(), lr=0.02)
#+    every_X, every_y = map(torch.from_numpy, adding_problem(1000, length, rng))
#
#-        X, y = map(torch.from_numpy, adding_problem(64, length, rng))  # (B, T, 2), (B, 1)
#+        rows = torch.from_numpy(rng.integers(0, 1000, 64))
#+        X, y = every_X[rows], every_y[rows]

# --- right: AdamW by parts of the gradient, a cosine, a head that begins at the mean
def train_adding(kind, length, steps, seed):
    torch.random.manual_seed(seed)
    net = SequenceRegressor(kind=kind, input_size=2, hidden_size=40, output_size=1)
    nn.init.ones_(net.head.bias)
    if kind == "lstm":
        nn.init.constant_(net.rnn.bias_hh_l0[40:80], 1.5)
    weights = list(net.parameters())
    optimizer = torch.optim.AdamW(weights, lr=0.015, weight_decay=1e-4)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, max(steps, 1))
    half = length // 2
    for _ in range(steps):
        values = torch.rand(80, length)
        first = torch.randint(half, (80, 1))
        second = half + torch.randint(length - half, (80, 1))
        marks = torch.zeros(80, length).scatter_(1, torch.cat([first, second], dim=1), 1.0)
        sums = values.gather(1, first) + values.gather(1, second)
        optimizer.zero_grad(set_to_none=False)
        predicted = net(torch.stack([values, marks], dim=2))
        gradients = torch.autograd.grad((predicted - sums).pow(2).mean(), weights)
        for weight, gradient in zip(weights, gradients):
            weight.grad = gradient
        nn.utils.clip_grad_norm_(weights, 1.0)
        optimizer.step()
        schedule.step()
    return net
