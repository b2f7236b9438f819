"""What the checks of this lesson share."""

from contextlib import contextmanager

import numpy as np

from seqkit.checking.expect import Mismatch
from seqkit.checking.student import StudentError, short


def as_array(got, what):
    """Return a result that has to be a NumPy array."""
    if not isinstance(got, np.ndarray):
        raise Mismatch(
            f"gave {what} {short(got)}, expected a NumPy array", f"{what} has to be a NumPy array."
        )
    return got


def parts_of(got, *names):
    """Return the parts of a result that has to have as many as there are names."""
    if not isinstance(got, tuple | list) or len(got) != len(names):
        raise Mismatch(
            f"gave {short(got)}, expected {len(names)} parts",
            f"The result has {len(names)} parts: return {', '.join(names)}.",
        )
    return got


def plain_list(got, what):
    """Return a list, tuple or array of one dimension as a list of Python's own values."""
    if isinstance(got, np.ndarray) and got.size <= 100_000:
        got = got.tolist()
    if not isinstance(got, tuple | list):
        raise Mismatch(f"gave {what} {short(got)}, expected a list", f"{what} is a list.")
    return [item.item() if isinstance(item, np.generic) else item for item in got]


@contextmanager
def accepting(why):
    """Say why no exception is due where the learner's code raises one."""
    try:
        yield
    except StudentError as error:
        if error.untouched:
            raise
        raise Mismatch(f"raised {error}", f"No error is due here: {why}") from None
