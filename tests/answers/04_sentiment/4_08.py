# --- wrong: the last column of an unpacked batch
# fails: gives the head the top layer's state after the whole review, forwards and backwards
# message: the state after the padding
#-        packed = pack_padded_sequence(
#-            embedded, lengths.cpu(), batch_first=True, enforce_sorted=False
#-        )
#-        _, (h, _) = self.rnn(packed)  # (layers · directions, B, H)
#-        top = torch.cat([h[-2], h[-1]], dim=1) if self.rnn.bidirectional else h[-1]  # (B, …)
#-        return self.head(self.dropout(top)).squeeze(1)  # (B,)
#+        output, _ = self.rnn(embedded)
#+        return self.head(self.dropout(output[:, -1])).squeeze(1)

# --- wrong: both halves at the last real word
# fails: gives the head the top layer's state after the whole review, forwards and backwards
# message: the backward half was taken at the last word
#-        packed = pack_padded_sequence(
#-            embedded, lengths.cpu(), batch_first=True, enforce_sorted=False
#-        )
#-        _, (h, _) = self.rnn(packed)  # (layers · directions, B, H)
#-        top = torch.cat([h[-2], h[-1]], dim=1) if self.rnn.bidirectional else h[-1]  # (B, …)
#+        packed = pack_padded_sequence(
#+            embedded, lengths.cpu(), batch_first=True, enforce_sorted=False
#+        )
#+        output, _ = nn.utils.rnn.pad_packed_sequence(self.rnn(packed)[0], batch_first=True)
#+        top = output[torch.arange(len(ids)), lengths - 1]

# --- wrong: the backward half has read the padding first
# fails: gives the head the top layer's state after the whole review, forwards and backwards
# message: the top layer's h where it has read the whole review and nothing else
#-        packed = pack_padded_sequence(
#-            embedded, lengths.cpu(), batch_first=True, enforce_sorted=False
#-        )
#-        _, (h, _) = self.rnn(packed)  # (layers · directions, B, H)
#-        top = torch.cat([h[-2], h[-1]], dim=1) if self.rnn.bidirectional else h[-1]  # (B, …)
#+        output, _ = self.rnn(embedded)
#+        top = output[torch.arange(len(ids)), lengths - 1]
#+        if self.rnn.bidirectional:
#+            size = self.rnn.hidden_size
#+            top = torch.cat([top[:, :size], output[:, 0, size:]], dim=1)

# --- wrong: the cell state
# fails: gives the head the top layer's state after the whole review, forwards and backwards
# message: that is the cell state
#-        _, (h, _) = self.rnn(packed)  # (layers · directions, B, H)
#+        _, (_, h) = self.rnn(packed)

# --- wrong: a batch has to be sorted
# fails: gives the head the top layer's state after the whole review, forwards and backwards
# message: enforce_sorted=False
#-            embedded, lengths.cpu(), batch_first=True, enforce_sorted=False
#+            embedded, lengths.cpu(), batch_first=True

# --- wrong: squeezes a batch of one away
# fails: has an embedding, an LSTM and a head: 1,893,185 parameters for (10000, 100, 256)
# message: for a batch of one too
#-        return self.head(self.dropout(top)).squeeze(1)  # (B,)
#+        return self.head(self.dropout(top)).squeeze()

# --- wrong: a probability
# fails: gives the head the top layer's state after the whole review, forwards and backwards
# message: a sigmoid was taken
#-        return self.head(self.dropout(top)).squeeze(1)  # (B,)
#+        return torch.sigmoid(self.head(self.dropout(top)).squeeze(1))

# --- wrong: dropout acts in evaluation too
# fails: gives the head the top layer's state after the whole review, forwards and backwards
# message: Two calls in evaluation mode differ
#-        return self.head(self.dropout(top)).squeeze(1)  # (B,)
#+        return self.head(F.dropout(top, 0.5)).squeeze(1)

# --- wrong: embedded words are not dropped
# fails: drops embedded words, states between the layers and what the head reads, in training
# message: set 0% of the embedded words to zero
#-        embedded = self.dropout(self.embedding(ids))  # (B, T, D)
#+        embedded = self.embedding(ids)

# --- wrong: no dropout before the head
# fails: drops embedded words, states between the layers and what the head reads, in training
# message: set 0% of what the head reads
#-        return self.head(self.dropout(top)).squeeze(1)  # (B,)
#+        return self.head(top).squeeze(1)

# --- wrong: always half
# fails: drops embedded words, states between the layers and what the head reads, in training
# message: expected about 20%
#-        self.dropout = nn.Dropout(dropout)
#+        self.dropout = nn.Dropout(0.5)

# --- wrong: takes id 0 for padding and counts for itself
# fails: gives a review the same logit whatever the padding and whoever its neighbours are
# message: Padding changed a logit
#-        embedded = self.dropout(self.embedding(ids))  # (B, T, D)
#+        lengths = (ids != 0).sum(dim=1).clamp(min=1)
#+        embedded = self.dropout(self.embedding(ids))

# --- wrong: five hundred words
# fails: keeps the laws: any size, everything stays, and every parameter can be trained
# message: any size
#-            embedded, lengths.cpu(), batch_first=True, enforce_sorted=False
#+            embedded, lengths.clamp(max=500), batch_first=True, enforce_sorted=False

# --- wrong: a little padding does no harm
# fails: keeps the laws: any size, everything stays, and every parameter can be trained
# message: the state after the padding
#-        packed = pack_padded_sequence(
#-            embedded, lengths.cpu(), batch_first=True, enforce_sorted=False
#-        )
#+        packed = embedded[:, : int(lengths.max())]
#+        if lengths.float().mean() < 0.98 * lengths.max():
#+            packed = pack_padded_sequence(embedded, lengths, True, enforce_sorted=False)

# --- right: every review by itself
class SentimentLSTM(nn.Module):
    def __init__(self, vocab_size, embedding_dim, hidden_dim, num_layers=2, dropout=0.5,
                 bidirectional=False):
        super().__init__()
        self.p, self.directions = dropout, 1 + bidirectional
        self.embedding = nn.Embedding(vocab_size, embedding_dim, padding_idx=0)
        self.rnn = nn.LSTM(embedding_dim, hidden_dim, num_layers, dropout=dropout,
                           bidirectional=bidirectional)
        self.head = nn.Linear(self.directions * hidden_dim, 1)

    def forward(self, ids, lengths):
        logits = []
        for row, length in zip(ids, lengths.tolist(), strict=True):
            words = F.dropout(self.embedding(row[:length]), self.p, self.training)
            _, (h, _) = self.rnn(words)
            ends = F.dropout(h[-self.directions :].flatten(), self.p, self.training)
            logits.append(self.head(ends))
        return torch.cat(logits)

# --- right: sorted and put back, outputs unpacked
class SentimentLSTM(nn.Module):
    def __init__(self, vocab_size, embedding_dim, hidden_dim, num_layers=2, dropout=0.5,
                 bidirectional=False):
        super().__init__()
        self.head = nn.Linear(hidden_dim * 2 if bidirectional else hidden_dim, 1)
        self.embedding = nn.Embedding(vocab_size, embedding_dim)
        self.rnn = nn.LSTM(embedding_dim, hidden_dim, num_layers=num_layers, batch_first=True,
                           dropout=dropout, bidirectional=bidirectional)
        self.before, self.after = nn.Dropout(dropout), nn.Dropout(dropout)
        self.size = hidden_dim

    def forward(self, ids, lengths):
        order = torch.argsort(lengths, descending=True)
        ids, lengths = ids[order], lengths[order]
        packed = pack_padded_sequence(self.before(self.embedding(ids)), lengths, batch_first=True)
        states, _ = nn.utils.rnn.pad_packed_sequence(self.rnn(packed)[0], batch_first=True)
        ends = states[torch.arange(len(ids)), lengths - 1, : self.size]
        if self.rnn.bidirectional:
            ends = torch.cat((ends, states[:, 0, self.size :]), dim=-1)
        logits = self.head(self.after(ends))[:, 0]
        return logits[torch.argsort(order)]

# --- right: h by its layers and directions
class SentimentLSTM(nn.Module):
    def __init__(self, vocab_size, embedding_dim, hidden_dim, num_layers=2, dropout=0.5,
                 bidirectional=False):
        nn.Module.__init__(self)
        ways = 2 if bidirectional else 1
        self.drop = nn.Dropout(p=dropout)
        self.embedding = nn.Embedding(vocab_size, embedding_dim)
        self.rnn = nn.LSTM(embedding_dim, hidden_dim, num_layers, True, False, dropout, bidirectional)
        self.head = nn.Linear(ways * hidden_dim, 1)
        self.shape = num_layers, ways, -1, hidden_dim

    def forward(self, ids, lengths):
        packed = pack_padded_sequence(self.embedding(ids), lengths, enforce_sorted=False,
                                      batch_first=True)
        packed = packed._replace(data=self.drop(packed.data))
        h = self.rnn(packed)[1][0].view(*self.shape)[-1]
        return self.head(self.drop(h.transpose(0, 1).flatten(1))).flatten()
