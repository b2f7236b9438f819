"""Builds the same classifiers in Keras, where a mask does what packing does in PyTorch."""

from __future__ import annotations

from typing import Any

__all__ = ["keras_classifier"]


def keras_classifier(
    vocab_size: int,
    embedding_dim: int,
    hidden_dim: int,
    *,
    kind: str = "lstm",
    masked: bool = True,
    bidirectional: bool = False,
    pooling: str = "last",
    dropout: float = 0.0,
) -> Any:
    """Build a recurrent classifier of two classes that gives logits.

    Parameters
    ----------
    vocab_size, embedding_dim, hidden_dim : int
        Words V, features of a word D, units H.
    kind : {'lstm', 'gru', 'rnn'}
        The recurrent layer.
    masked : bool, default True
        Whether id 0 is padding that no layer sees. Without it padding is read as a word.
    bidirectional : bool, default False
        Whether the layer reads backwards too.
    pooling : {'last', 'mean'}
        The state after the last word, or the mean over those of all words (NaN for a text of
        padding alone).
    dropout : float, default 0
        Share of numbers set to zero in training: of embedded words, and before the head.

    Returns
    -------
    keras.Model
        Built; takes ids (B, T), gives logits (B, 1).

    Raises
    ------
    ValueError
        When kind or pooling is none of those named.

    Examples
    --------
    >>> keras_classifier(50, 4, 8).count_params()
    625
    """
    import keras

    layers = {"lstm": keras.layers.LSTM, "gru": keras.layers.GRU, "rnn": keras.layers.SimpleRNN}
    if kind not in layers:
        raise ValueError(f"kind must be one of {', '.join(layers)}, got {kind!r}")
    if pooling not in ("last", "mean"):
        raise ValueError(f"pooling must be 'last' or 'mean', got {pooling!r}")
    layer = layers[kind](hidden_dim, return_sequences=pooling == "mean")
    return keras.Sequential(
        [
            keras.Input((None,), dtype="int64"),
            keras.layers.Embedding(vocab_size, embedding_dim, mask_zero=masked),
            *([keras.layers.Dropout(dropout)] if dropout else []),
            keras.layers.Bidirectional(layer) if bidirectional else layer,
            *([keras.layers.GlobalAveragePooling1D()] if pooling == "mean" else []),
            *([keras.layers.Dropout(dropout)] if dropout else []),
            keras.layers.Dense(1),
        ]
    )
