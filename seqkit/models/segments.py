"""A recurrent network that reads a long text as short segments, side by side."""

import torch
import torch.nn.functional as F
from torch import nn

from seqkit.models.classifier import LAYERS
from seqkit.text import Vocab

__all__ = ["SegmentClassifier", "cut_segments"]


def cut_segments(
    ids: torch.Tensor, lengths: torch.Tensor, length: int, first: int | None = None
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Cut padded texts into segments, padding at the end of the short ones alone.

    Parameters
    ----------
    ids : Tensor of int64, shape (B, T)
        Texts, padded at the end with 0.
    lengths : Tensor of int64, shape (B,)
        How many ids of each are real; at least 1.
    length : int
        Ids in a segment, L.
    first : int, optional
        Ids in the first segment of each text, 1 to `length`, which it is by default.

    Returns
    -------
    segments : Tensor of int64, shape (S, L)
        All segments of the first text, then those of the next; none is empty.
    sizes : Tensor of int64, shape (S,)
        How many ids of each segment are real.
    counts : Tensor of int64, shape (B,)
        How many segments each text has.

    Raises
    ------
    ValueError
        When `first` is not between 1 and `length`, or a text is empty.

    Examples
    --------
    >>> ids, lengths = torch.tensor([[4, 2, 9, 5, 3], [7, 8, 0, 0, 0]]), torch.tensor([5, 2])
    >>> segments, sizes, counts = cut_segments(ids, lengths, length=3, first=1)
    >>> segments
    tensor([[4, 0, 0],
            [2, 9, 5],
            [3, 0, 0],
            [7, 0, 0],
            [8, 0, 0]])
    >>> sizes, counts
    (tensor([1, 3, 1, 1, 1]), tensor([3, 2]))
    """
    first = length if first is None else first
    if not 1 <= first <= length:
        raise ValueError(f"first must be between 1 and the segments' length {length}, got {first}")
    if lengths.min() < 1:
        raise ValueError(
            f"lengths must be positive, got {int(lengths.min())} at index {int(lengths.argmin())}: "
            "give a text without words one unknown word"
        )
    rest = max(ids.shape[1] - first, 0)
    more = -(-rest // length)  # segments after the first
    # In front of the first segment as many zeros as it is short of; then every cut is a multiple.
    spread = F.pad(ids, (length - first, first + more * length - ids.shape[1]))
    segments = spread.view(len(ids), 1 + more, length)  # (B, 1 + more, L)
    starts = first + length * torch.arange(-1, more, device=ids.device)  # of each segment
    sizes = (lengths[:, None] - starts.clamp(min=0)).clamp(min=0, max=length)
    sizes[:, 0] = lengths.clamp(max=first)
    segments = torch.cat([segments[:, :1].roll(first - length, dims=2), segments[:, 1:]], dim=1)
    real = sizes > 0  # (B, 1 + more)
    return segments[real], sizes[real], real.sum(dim=1)


class SegmentClassifier(nn.Module):
    """One logit a text: the largest and the mean state over all segments, read in both directions.

    A recurrent layer takes its steps one after another; a text of 500 words cut into segments of 48
    takes 48 instead, each for many segments at once, and gradients have a short way. In training
    the first segment's size is drawn anew for each batch, so that words do not always stand beside
    the same cut. Padding never changes a logit.

    Parameters
    ----------
    vectors : Tensor, shape (V, D)
        What to read for each word: of `seqkit.models.word_vectors`, say. They are not trained.
    hidden_dim : int
        Units H of each direction.
    kind : {'lstm', 'gru', 'rnn'}
        The recurrent layer.
    segment : int, default 48
        Words that are read in one go, L.
    dropout : float, default 0.5
        Share of the pooled numbers set to zero in training.
    word_dropout : float, default 0.2
        Share of words read as ``<unk>`` in training.

    Raises
    ------
    ValueError
        When kind is none of those named or a segment has no word.

    Notes
    -----
    After R. Johnson and T. Zhang, "Supervised and semi-supervised text categorization using LSTM
    for region embeddings", 2016, who pool over all steps and cut texts up to train faster.

    Examples
    --------
    >>> model = SegmentClassifier(torch.randn(50, 8), hidden_dim=16, segment=3).eval()
    >>> model(torch.tensor([[5, 7, 0, 0, 0], [4, 4, 4, 2, 9]]), torch.tensor([2, 5])).shape
    torch.Size([2])
    """

    def __init__(
        self,
        vectors: torch.Tensor,
        hidden_dim: int,
        *,
        kind: str = "lstm",
        segment: int = 48,
        dropout: float = 0.5,
        word_dropout: float = 0.2,
    ) -> None:
        super().__init__()
        if kind not in LAYERS:
            raise ValueError(f"kind must be one of {', '.join(LAYERS)}, got {kind!r}")
        if segment < 1:
            raise ValueError(f"segment must be at least 1, got {segment}")
        self.segment, self.word_dropout = segment, word_dropout
        self.embedding = nn.Embedding.from_pretrained(vectors, padding_idx=Vocab.pad_id)
        self.rnn = nn.ModuleList(LAYERS[kind](vectors.shape[1], hidden_dim) for _ in range(2))
        if kind == "lstm":
            for layer in self.rnn:  # remember at first: gates i, f, g, o stand below each other
                nn.init.ones_(layer.get_parameter("bias_ih_l0")[hidden_dim : 2 * hidden_dim])
        self.dropout = nn.Dropout(dropout)
        self.head = nn.Linear(4 * hidden_dim, 1)

    def forward(
        self, ids: torch.Tensor, lengths: torch.Tensor, first: int | None = None
    ) -> torch.Tensor:
        """Return one logit a text.

        Parameters
        ----------
        ids : Tensor of int64, shape (B, T)
            Padded on the right with 0.
        lengths : Tensor of int64, shape (B,)
            Words of each text, at least 1.
        first : int, optional
            Words of the first segment; a whole segment by default, in training drawn at random.

        Returns
        -------
        Tensor, shape (B,)
            Above 0 for the class 1.
        """
        if self.training:
            dropped = torch.rand(ids.shape) < self.word_dropout  # (B, T)
            ids = ids.masked_fill(dropped & (ids != Vocab.pad_id), Vocab.unk_id)
            first = int(torch.randint(1, self.segment + 1, ())) if first is None else first
        segments, sizes, counts = cut_segments(ids, lengths, self.segment, first)
        steps = torch.arange(self.segment)
        real = (steps < sizes[:, None]).t()[:, :, None]  # (L, S, 1)
        # Pooling does not ask for order: what is read backwards need not be turned back.
        backwards = segments.gather(1, (sizes[:, None] - 1 - steps).clamp(min=0))  # (S, L)
        largest, total = [], []
        for layer, read in zip(self.rnn, (segments, backwards), strict=True):
            H, _ = layer(self.embedding(read.t()))  # (L, S, H)
            largest.append(H.masked_fill(~real, -torch.inf).amax(dim=0))  # (S, H)
            total.append((H * real).sum(dim=0))
        most = torch.segment_reduce(torch.cat(largest, dim=1), "max", lengths=counts)  # (B, 2 · H)
        mean = torch.segment_reduce(torch.cat(total, dim=1), "sum", lengths=counts)
        pooled = torch.cat([most, mean / lengths[:, None]], dim=1)  # (B, 4 · H)
        return self.head(self.dropout(pooled)).squeeze(1)
