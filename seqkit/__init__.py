"""seqkit: a course on sequence models, its helpers, and the grader that checks its notebooks."""

from pathlib import Path

__version__ = "0.1.0"

#: The course: the folder that holds ``lessons/``, ``data/`` and this package.
ROOT = Path(__file__).resolve().parent.parent
