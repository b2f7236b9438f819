# tries: builtins that graders use, AssertionError that nobody catches, and pytest and unittest made to pass
# exercise: 1.3
# expects: graded|partial|crashed
# perhaps: 1.1
raise SystemExit("hostile: this file is text for the sandbox and is never run by itself")

# %% added
import sys, types
for name in ("pytest", "unittest", "hypothesis", "nbgrader", "otter"):
    module = types.ModuleType(name)
    module.__getattr__ = lambda attribute: lambda *args, **kwargs: True
    sys.modules[name] = module
import builtins
class AssertionError(BaseException): pass
builtins.AssertionError = AssertionError
builtins.all = builtins.any = lambda *args: True
builtins.abs = lambda x: 0
builtins.len = lambda x: 3
builtins.isinstance = lambda *args: True
builtins.sorted = lambda *args, **kwargs: []
builtins.sum = lambda *args: 1
# %% answer 1.3
def make_windows(*args, **kwargs): return 1, 2
