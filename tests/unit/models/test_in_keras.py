"""The same classifiers in Keras: a mask does what packing does."""

import numpy as np
import pytest

from seqkit.models import keras_classifier

IDS = np.array([[5, 7, 2, 0, 0], [4, 4, 3, 9, 8]])


@pytest.mark.parametrize("pooling", ["last", "mean"])
@pytest.mark.parametrize("bidirectional", [False, True])
@pytest.mark.parametrize("kind", ["rnn", "lstm", "gru"])
def test_padding_never_changes_a_logit(kind, bidirectional, pooling):
    model = keras_classifier(12, 4, 6, kind=kind, bidirectional=bidirectional, pooling=pooling)
    together = np.array(model(IDS))
    np.testing.assert_allclose(together[:1], np.array(model(IDS[:1, :3])), atol=1e-6)


def test_without_a_mask_padding_is_read():
    model = keras_classifier(12, 4, 6, kind="rnn", masked=False)
    short, long = np.array(model(IDS[:1, :3])), np.array(model(IDS[:1]))
    assert abs(short - long).item() > 1e-5


def test_a_row_of_padding_has_a_logit():
    assert np.isfinite(np.array(keras_classifier(12, 4, 6)(np.zeros((1, 3), dtype=int)))).all()


@pytest.mark.parametrize("options", [{"kind": "transformer"}, {"pooling": "max"}])
def test_an_unknown_choice_names_the_known_ones(options):
    with pytest.raises(ValueError, match="must be"):
        keras_classifier(12, 4, 6, **options)
