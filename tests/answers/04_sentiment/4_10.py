# --- wrong: the mean of the batches' means
# fails: gives the loss and the accuracy over all reviews, with labels of any dtype
# message: the batches' means were averaged
def evaluate(model, batches):
    losses, accuracies = [], []
    before = model.training
    model.eval()
    with torch.no_grad():
        for ids, lengths, labels in batches:
            logits = model(ids, lengths)
            losses.append(F.binary_cross_entropy_with_logits(logits, labels.float()).item())
            accuracies.append(((logits > 0) == (labels > 0)).float().mean().item())
    model.train(before)
    return sum(losses) / len(losses), sum(accuracies) / len(accuracies)

# --- wrong: dropout stays on
# fails: calls the model once a batch, in evaluation mode, without gradients, and leaves it alone
# message: in training mode, where dropout is on
#-    model.eval()

# --- wrong: gradients stay on
# fails: calls the model once a batch, in evaluation mode, without gradients, and leaves it alone
# message: Gradients were on
#-    with torch.no_grad():
#+    if True:

# --- wrong: training mode afterwards, whatever it was
# fails: calls the model once a batch, in evaluation mode, without gradients, and leaves it alone
# message: left in the mode it was in
#-    model.train(was_training)
#+    model.train()

# --- wrong: all reviews in one call
# fails: gives the loss and the accuracy over all reviews, with labels of any dtype
# message: T differs from batch to batch
def evaluate(model, batches):
    before = model.training
    model.eval()
    ids, lengths, labels = map(torch.cat, zip(*batches))
    with torch.no_grad():
        logits = model(ids, lengths)
    model.train(before)
    loss = F.binary_cross_entropy_with_logits(logits, labels.float()).item()
    return loss, ((logits > 0) == (labels > 0)).float().mean().item()

# --- wrong: a sigmoid, then the logarithm
# fails: gives the loss and the accuracy over all reviews, with labels of any dtype
# message: a sigmoid was taken first
#-            loss = F.binary_cross_entropy_with_logits(logits, labels.float(), reduction="sum")
#+            loss = F.binary_cross_entropy(torch.sigmoid(logits), labels.float(), reduction="sum")

# --- wrong: half as the border of a logit
# fails: gives the loss and the accuracy over all reviews, with labels of any dtype
# message: of a logit it is 0
#-            right += ((logits > 0) == (labels > 0)).sum().item()
#+            right += ((logits > 0.5) == (labels > 0)).sum().item()

# --- wrong: a logit of 0 is positive
# fails: gives the loss and the accuracy over all reviews, with labels of any dtype
# message: it has to be above 0
#-            right += ((logits > 0) == (labels > 0)).sum().item()
#+            right += ((logits >= 0) == (labels > 0)).sum().item()

# --- wrong: the batches are numbered
# fails: gives the loss and the accuracy over all reviews, with labels of any dtype
# message: can be read once
#-        for ids, lengths, labels in batches:
#+        for k in range(len(batches)):
#+            ids, lengths, labels = batches[k]

# --- wrong: a hundred batches are enough
# fails: keeps the laws
# message: any size: here 130 batches
#-        for ids, lengths, labels in batches:
#+        for _, (ids, lengths, labels) in zip(range(100), batches):

# --- wrong: once for the loss, once for the accuracy
# fails: calls the model once a batch, in evaluation mode, without gradients, and leaves it alone
# message: once a batch, in order
#-            right += ((logits > 0) == (labels > 0)).sum().item()
#+            right += ((model(ids, lengths) > 0) == (labels > 0)).sum().item()

# --- wrong: dropout stays off afterwards
# fails: calls the model once a batch, in evaluation mode, without gradients, and leaves it alone
# message: model.dropout.training afterwards
#-    model.train(was_training)
#+    model.training = was_training

# --- wrong: gradients are switched on afterwards
# fails: keeps the laws
# message: Gradients are on or off afterwards as they were
#-    with torch.no_grad():
#+    torch.set_grad_enabled(False)
#+    if True:
#
#-    model.train(was_training)
#+    model.train(was_training)
#+    torch.set_grad_enabled(True)

# --- right: everything kept, computed at the end
def evaluate(model, batches):
    before = model.training
    model.eval()
    with torch.inference_mode():
        scores, truths = zip(*[(model(ids, lengths), labels) for ids, lengths, labels in batches])
    model.train(mode=before)
    z, y = torch.cat(scores).double(), torch.cat(truths).double()
    loss = (F.softplus(z) - y * z).mean()
    return loss, torch.mean(((z > 0) == (y == 1)).double())

# --- right: a running mean, weighted
@torch.no_grad()
def evaluate(model, batches):
    mode, seen, loss, accuracy = model.training, 0, 0.0, 0.0
    model.train(False)
    criterion = nn.BCEWithLogitsLoss()
    for ids, lengths, labels in batches:
        logits, size = model(ids, lengths), ids.shape[0]
        labels = labels.to(logits.dtype)
        seen += size
        loss += (float(criterion(logits, labels)) - loss) * size / seen
        hits = (torch.sigmoid(logits) > 0.5).to(labels.dtype).eq(labels)
        accuracy += (float(hits.float().mean()) - accuracy) * size / seen
    if mode:
        model.train()
    return [loss, accuracy]

# --- right: in NumPy
def evaluate(model, batches):
    training = model.training
    model.eval()
    z, y = [], []
    for ids, lengths, labels in iter(batches):
        with torch.no_grad():
            z += model(ids, lengths).tolist()
        y += labels.tolist()
    model.train(training)
    z, y = np.array(z), np.array(y, dtype=float)
    return np.mean(np.logaddexp(0, z) - y * z), np.mean((z > 0) == (y > 0.5))
