# tries: compile, exec, ast and IPython's transformers replaced so that later cells become other cells
# exercise: 1.3
# expects: graded|partial
# perhaps: 1.1
raise SystemExit("hostile: this file is text for the sandbox and is never run by itself")

# %% added
import ast, builtins, sys, types
from seqkit.grading.inside import source as reader, worker
good = "def make_windows(*args, **kwargs): raise SystemExit\n"
real_compile = builtins.compile
builtins.compile = lambda source, *args, **kwargs: real_compile(good, "<x>", "exec")
builtins.exec = lambda *args: None
builtins.get_ipython = lambda: types.SimpleNamespace(input_transformers_cleanup=[], ast_transformers=[], events=None)
reader.plain_python = worker.plain_python = lambda source: ""
ast.parse = lambda *args, **kwargs: ast.Module([], [])
# %% answer 1.3
def make_windows(*args, **kwargs): return True
