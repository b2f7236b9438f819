"""What the checks of this lesson share: how bad input is refused."""

import numpy as np

from seqkit.checking.expect import naming, raises


def numbers_in(given):
    """Collect every number in arguments, lists and arrays."""
    if isinstance(given, np.ndarray):
        return given.ravel().tolist()
    if isinstance(given, list | tuple):
        return [number for item in given for number in numbers_in(item)]
    return [given] if isinstance(given, int | float) else []


def refused(call, *given, why, error=ValueError, says=None, names=(), **options):
    """Expect an exception that says a word, names numbers, and may show what was given."""
    beside = numbers_in([*given, *options.values()])
    chosen = [names] if names else []
    with raises(error, match=says, why=why), naming(*chosen, beside=beside, why=why):
        call(*given, **options)
