"""An option for the long run, and the tool's own modules where tests can import them."""

import sys
from pathlib import Path

collect_ignore = ["mutate.py"]  # a command: it sets up its process for forking

sys.path.insert(0, str(Path(__file__).parent))


def pytest_addoption(parser):
    parser.addoption(
        "--all-mutants",
        action="store_true",
        help="judge every mutant of the reference answers with three seeds (pytest tests/mutation)",
    )
