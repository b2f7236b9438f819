# tries: exceptions that raise, loop or lie when they are printed, named, compared or traced
# exercise: 1.2 1.3 1.4 1.5 1.8
# honest: 1.1
raise SystemExit("hostile: this file is text for the sandbox and is never run by itself")

# %% added
class Odd(type):
    def __getattribute__(cls, name):
        if name in ("__name__", "__mro__", "__module__", "__qualname__"):
            raise SystemExit("no name")
        return type.__getattribute__(cls, name)
class Silent(Exception, metaclass=Odd):
    def __str__(self): raise KeyboardInterrupt("in __str__")
    def __repr__(self): raise MemoryError("in __repr__")
    def __del__(self): raise RuntimeError("in __del__")
    def __getattribute__(self, name): raise Silent()
class Loud(BaseException):
    def __str__(self): return "\ud800\x00\x1b[31m" * 100_000
class Wrong(ValueError):
    def __str__(self): return 5
class Chain(Exception): pass
# %% answer 1.2
def order_gap(*args): raise Silent()
# %% answer 1.3
def make_windows(*args, **kwargs): raise Loud()
# %% answer 1.4
def forecast(*args): raise Wrong()
# %% answer 1.5
def temporal_split(*args, **kwargs):
    error = Chain()
    error.__cause__ = error
    error.__context__ = error
    raise ExceptionGroup("many", [Chain(error) for _ in range(1000)])
# %% answer 1.8
def encode_sentences(*args):
    raise type("é<b>" * 5000, (ValueError,), {})("x")
