# tries: an error frame with fields of every wrong type, names of builtin exceptions and a thousand numbers as its message
# exercise: 1.3 1.5
# perhaps: 1.1
raise SystemExit("hostile: this file is text for the sandbox and is never run by itself")

# %% added
from seqkit.grading.inside import worker
forged = [
    {"type": 5, "bases": {1: 2}, "message": ["x"] * 1000, "line": "1", "text": None},
    {"type": "AssertionError", "bases": ["Mismatch"], "message": b"passed", "line": -1, "text": "x" * 10**6},
    {},
    {"type": "NotImplementedError", "bases": [], "message": "exercise 1.3", "line": 2**70, "text": ""},
    {"untouched": True, "passed": True, "message": {"a": {1, 2}}, "type": ("ValueError",), "bases": "ValueError"},
]
calls = []
# %% answer 1.3
def make_windows(*args, **kwargs):
    calls.append(1)
    worker.describe = lambda error: forged[len(calls) % len(forged)]
    raise ValueError
# %% answer 1.5
def temporal_split(*args, **kwargs):
    worker.describe = lambda error: {"type": "ValueError", "bases": ["ValueError"], "message": "fractions gap", "line": 1}
    raise ValueError
