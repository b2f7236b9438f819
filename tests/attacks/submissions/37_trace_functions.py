# tries: trace and profile functions that rewrite local variables of the worker while it answers
# exercise: 1.3
# perhaps: 1.1
raise SystemExit("hostile: this file is text for the sandbox and is never run by itself")

# %% added
import sys, threading
def tracer(frame, event, argument):
    if frame.f_code.co_name in ("answer", "do_call", "_reply", "judge", "close", "equal"):
        frame.f_locals.update(value=True, result="one-to-one", passed=True, points=9)
    return tracer
# %% answer 1.3
def make_windows(*args, **kwargs):
    return 0
sys.settrace(tracer)
sys.setprofile(tracer)
threading.settrace(tracer)
