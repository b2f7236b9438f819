# tries: ten megabytes of text in messages, names, values and exceptions
# exercise: 1.2 1.3 1.4 1.6
# expects: partial
# honest: 1.1
raise SystemExit("hostile: this file is text for the sandbox and is never run by itself")

# %% added
raise ValueError("x" * 10_000_000)
# %% answer 1.2
def order_gap(*args): raise ValueError("y" * 10_000_000)
# %% answer 1.3
def make_windows(*args, **kwargs): return "z" * 2_000_000, "z"
# %% answer 1.4
def forecast(*args): raise type("N" * 10_000_000, (Exception,), {})
# %% answer 1.6
class Vocab: pass
Vocab.__name__ = "V" * 10_000_000
