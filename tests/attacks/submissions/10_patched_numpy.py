# tries: numpy and torch functions replaced so that every comparison is true
# exercise: 1.9
# perhaps: 1.1
raise SystemExit("hostile: this file is text for the sandbox and is never run by itself")

# %% added
import sys
torch = sys.modules.get("torch", np)
for module in (np, np.testing, np.linalg, torch, torch.testing):
    for name in ("allclose", "isclose", "array_equal", "array_equiv", "all", "any", "equal", "is_close", "max"):
        if hasattr(module, name):
            setattr(module, name, lambda *args, **kwargs: True)
np.testing.assert_allclose = np.testing.assert_array_equal = torch.testing.assert_close = lambda *a, **k: None
np.ndarray = np.asarray = np.array = type("Everything", (), {"__eq__": lambda *a: True})
# %% answer 1.9
def embed_lookup(ids, E): return E
def embed_one_hot(ids, E): return E
