# --- wrong: dropout stays on
# fails: calls the model in evaluation mode, without gradients, and leaves it alone
# message: in training mode, where dropout is on
#-    model.eval()

# --- wrong: a hundred words, as the text around it says
# fails: gives the probability of each text by the pipeline of training, whole texts of any length
# message: texts were cut to 100 words
#-    ids, _, lengths = pad_batch(encoded)
#+    ids, _, lengths = pad_batch(encoded, max_len=100)

# --- wrong: letters
# fails: gives the probability of each text by the pipeline of training, whole texts of any length
# message: read letter by letter
#-    encoded = [vocab.encode(seqkit.text.tokenize(text)) or [vocab.unk_id] for text in texts]
#+    encoded = [vocab.encode(list(text)) or [vocab.unk_id] for text in texts]

# --- wrong: words between spaces
# fails: gives the probability of each text by the pipeline of training, whole texts of any length
# message: the text was split at spaces
#-    encoded = [vocab.encode(seqkit.text.tokenize(text)) or [vocab.unk_id] for text in texts]
#+    encoded = [vocab.encode(text.lower().split()) or [vocab.unk_id] for text in texts]

# --- wrong: an empty text as it is
# fails: reads a text without tokens as <unk>, gives [] for no texts, and refuses one string
# message: read as a single <unk>
#-    encoded = [vocab.encode(seqkit.text.tokenize(text)) or [vocab.unk_id] for text in texts]
#+    encoded = [vocab.encode(seqkit.text.tokenize(text)) for text in texts]

# --- wrong: an empty text is left out
# fails: reads a text without tokens as <unk>, gives [] for no texts, and refuses one string
# message: every text has a result
#-    encoded = [vocab.encode(seqkit.text.tokenize(text)) or [vocab.unk_id] for text in texts]
#+    encoded = [vocab.encode(seqkit.text.tokenize(text)) for text in texts]
#+    encoded = [ids for ids in encoded if ids] or [[vocab.unk_id]]

# --- wrong: an empty string is an empty list
# fails: reads a text without tokens as <unk>, gives [] for no texts, and refuses one string
# message: an empty one too
#-    if isinstance(texts, str):
#-        raise TypeError("texts must be a list of strings, got one string: put it in a list")
#-    if not texts:
#-        return []
#+    if not texts:
#+        return []
#+    if isinstance(texts, str):
#+        raise TypeError("texts must be a list of strings, got one string: put it in a list")

# --- wrong: logits
# fails: gives the probability of each text by the pipeline of training, whole texts of any length
# message: those are logits
#-    return torch.sigmoid(logits).tolist()
#+    return logits.tolist()

# --- wrong: every row is as long as the longest
# fails: gives the probability of each text by the pipeline of training, whole texts of any length
# message: their true lengths
#-    ids, _, lengths = pad_batch(encoded)
#+    ids, _, lengths = pad_batch(encoded)
#+    lengths[:] = ids.shape[1]

# --- wrong: training mode afterwards
# fails: calls the model in evaluation mode, without gradients, and leaves it alone
# message: left in the mode it was in
#-    model.train(was_training)
#+    model.train()

# --- wrong: the first sixty-four texts
# fails: keeps the laws
# message: every text has a result
#=    if not texts:
#=        return []
#+    texts = texts[:64]

# --- wrong: remembers the numbers of a text
# fails: keeps the laws
# message: nothing may be left over
#+KNOWN = {}
#+
#+
#=def predict_sentiment(texts, vocab, model):
#
#-    encoded = [vocab.encode(seqkit.text.tokenize(text)) or [vocab.unk_id] for text in texts]
#+    for text in texts:
#+        KNOWN.setdefault(text, vocab.encode(seqkit.text.tokenize(text)) or [vocab.unk_id])
#+    encoded = [KNOWN[text] for text in texts]

# --- wrong: a sigmoid that overflows
# fails: gives the probability of each text by the pipeline of training, whole texts of any length
# message: OverflowError
#-    return torch.sigmoid(logits).tolist()
#+    import math
#+
#+    return [1 / (1 + math.exp(-z)) for z in logits.tolist()]

# --- wrong: verdicts are remembered
# fails: keeps the laws
# message: The model has learnt since
SEEN = {}


def predict_sentiment(texts, vocab, model):
    if isinstance(texts, str):
        raise TypeError("a list of texts")
    before = model.training
    model.eval()
    with torch.no_grad():
        for text in texts:
            if (text, id(vocab), id(model)) not in SEEN:
                row = vocab.encode(seqkit.text.tokenize(text)) or [vocab.unk_id]
                z = model(torch.tensor([row]), torch.tensor([len(row)]))
                SEEN[text, id(vocab), id(model)] = torch.sigmoid(z).item()
    model.train(before)
    return [SEEN[text, id(vocab), id(model)] for text in texts]

# --- right: one text after the other
def predict_sentiment(texts, vocab, model):
    if isinstance(texts, str):
        raise TypeError(f"a list of texts, please: [{texts!r}]")
    before = model.training
    model.eval()
    found = []
    for text in texts:
        ids = vocab.encode(seqkit.text.tokenize(text))
        if len(ids) == 0:
            ids = [1]
        with torch.no_grad():
            z = model(torch.tensor([ids]), torch.tensor([len(ids)]))
        found.append(float(sigmoid(z.item())))
    if before:
        model.train()
    return found

# --- right: padded by PyTorch, in batches of similar length
@torch.inference_mode()
def predict_sentiment(texts, vocab, model):
    if type(texts) is str:
        raise TypeError("one string")
    mode = model.training
    rows = [torch.tensor(vocab.encode(seqkit.text.tokenize(t)) or [1]) for t in texts]
    order = sorted(range(len(rows)), key=lambda k: len(rows[k]))
    result = [0.0] * len(rows)
    model.eval()
    for start in range(0, len(order), 16):
        chosen = order[start : start + 16]
        batch = nn.utils.rnn.pad_sequence([rows[k] for k in chosen], batch_first=True)
        lengths = torch.tensor([len(rows[k]) for k in chosen])
        for k, p in zip(chosen, model(batch, lengths).sigmoid(), strict=True):
            result[k] = p.item()
    model.train(mode)
    return result

# --- right: zeros filled in, an array as the result
def predict_sentiment(texts, vocab, model):
    if not isinstance(texts, (list, tuple)):
        raise TypeError("texts is a list")
    tokens = [seqkit.text.tokenize(text) or [vocab.unk_token] for text in texts]
    if not tokens:
        return []
    lengths = torch.tensor([len(row) for row in tokens])
    ids = torch.zeros(len(tokens), int(lengths.max()), dtype=torch.long)
    for row, words in zip(ids, tokens):
        row[: len(words)] = torch.tensor(vocab.encode(words))
    training, model = model.training, model.eval()
    with torch.no_grad():
        p = 1 / (1 + torch.exp(-model(ids, lengths).double()))
    model.train(training)
    return p.numpy()
