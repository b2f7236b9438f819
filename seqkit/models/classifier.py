"""Reads a text of word ids and gives one logit, by any recurrent layer and any way of pooling."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from seqkit.text import Vocab, pad_batch, tokenize

__all__ = ["POOLINGS", "TextClassifier"]

LAYERS = {"rnn": nn.RNN, "lstm": nn.LSTM, "gru": nn.GRU}

#: What the head reads: the state in the last column, padding or not; the state after the last
#: word; mean, maximum, or both of them over the states of all words.
POOLINGS = ("column", "last", "mean", "max", "mean+max")


class TextClassifier(nn.Module):
    """An embedding, a recurrent layer, a pooling and a linear layer: logits for two classes.

    Padding on the right never changes a logit, but for the pooling 'column', which many published
    notebooks use.

    Parameters
    ----------
    vocab_size, embedding_dim, hidden_dim : int
        Words V, features of a word D, units H.
    kind : {'lstm', 'gru', 'rnn'}
        The recurrent layer.
    num_layers : int, default 1
    bidirectional : bool, default False
        Whether every layer reads backwards too.
    pooling : str, default 'last'
        One of `POOLINGS`.
    dropout : float, default 0
        Share of numbers set to zero in training: of embedded words, between layers, before the
        head.
    word_dropout : float, default 0
        Share of words read as ``<unk>`` in training.

    Raises
    ------
    ValueError
        When kind or pooling is none of those named.

    Examples
    --------
    >>> model = TextClassifier(50, 8, 16, bidirectional=True, pooling="mean")
    >>> model(torch.tensor([[5, 7, 0], [4, 4, 4]]), torch.tensor([2, 3])).shape
    torch.Size([2])
    """

    def __init__(
        self,
        vocab_size: int,
        embedding_dim: int,
        hidden_dim: int,
        *,
        kind: str = "lstm",
        num_layers: int = 1,
        bidirectional: bool = False,
        pooling: str = "last",
        dropout: float = 0.0,
        word_dropout: float = 0.0,
    ) -> None:
        super().__init__()
        if kind not in LAYERS:
            raise ValueError(f"kind must be one of {', '.join(LAYERS)}, got {kind!r}")
        if pooling not in POOLINGS:
            raise ValueError(f"pooling must be one of {', '.join(POOLINGS)}, got {pooling!r}")
        self.pooling, self.word_dropout = pooling, word_dropout
        self.embedding = nn.Embedding(vocab_size, embedding_dim, padding_idx=Vocab.pad_id)
        self.rnn = LAYERS[kind](
            embedding_dim,
            hidden_dim,
            num_layers,
            batch_first=True,
            dropout=dropout if num_layers > 1 else 0.0,
            bidirectional=bidirectional,
        )
        directions = 2 if bidirectional else 1
        self.head = nn.Linear(hidden_dim * directions * (2 if pooling == "mean+max" else 1), 1)
        self.dropout = nn.Dropout(dropout)

    def forward(self, ids: torch.Tensor, lengths: torch.Tensor) -> torch.Tensor:
        """Return one logit a text.

        Parameters
        ----------
        ids : Tensor of int64, shape (B, T)
            Padded on the right with 0.
        lengths : Tensor of int64, shape (B,)
            Words of each text, at least 1.

        Returns
        -------
        Tensor, shape (B,)
            Above 0 for the class 1.
        """
        if self.training and self.word_dropout:
            dropped = torch.rand(ids.shape) < self.word_dropout  # (B, T)
            ids = ids.masked_fill(dropped & (ids != Vocab.pad_id), Vocab.unk_id)
        embedded = self.dropout(self.embedding(ids))  # (B, T, D)
        if self.pooling == "column":
            pooled = self.rnn(embedded)[0][:, -1]  # (B, H)
        else:
            pooled = self._pool(embedded, lengths)
        return self.head(self.dropout(pooled)).squeeze(1)

    def _pool(self, embedded: torch.Tensor, lengths: torch.Tensor) -> torch.Tensor:
        """Read real words alone, and make one vector of each text: (B, what the head takes)."""
        packed = pack_padded_sequence(
            embedded, lengths.cpu(), batch_first=True, enforce_sorted=False
        )
        outputs, state = self.rnn(packed)
        if self.pooling == "last":
            h = state[0] if isinstance(state, tuple) else state  # (layers · directions, B, H)
            return torch.cat([h[-2], h[-1]], dim=1) if self.rnn.bidirectional else h[-1]
        parts = []
        if "mean" in self.pooling:
            H, _ = pad_packed_sequence(outputs, batch_first=True)  # zeros where padding was
            parts.append(H.sum(dim=1) / lengths[:, None])
        if "max" in self.pooling:
            H, _ = pad_packed_sequence(outputs, batch_first=True, padding_value=float("-inf"))
            parts.append(H.amax(dim=1))
        return torch.cat(parts, dim=1)

    @torch.no_grad()
    def probabilities(self, texts: Sequence[str], vocab: Vocab) -> list[float]:
        """Return the probability of class 1 for texts that nobody has prepared.

        Parameters
        ----------
        texts : sequence of str
            Any texts; one without words is read as a single ``<unk>``.
        vocab : Vocab
            The vocabulary of training.
        """
        if not texts:
            return []
        ids, _, lengths = pad_batch([vocab.encode(tokenize(t)) or [vocab.unk_id] for t in texts])
        was_training = self.training
        self.eval()
        logits = self(torch.from_numpy(ids), torch.from_numpy(lengths))  # (B,)
        self.train(was_training)
        return torch.sigmoid(logits).tolist()
