# tries: Worker.answer replaced, found through the garbage collector: replies of kinds that do not exist, then an error that claims a pass
# exercise: 1.1
# expects: crashed
raise SystemExit("hostile: this file is text for the sandbox and is never run by itself")

# %% added
import gc
from seqkit.grading.inside import wire, worker
real = worker.Worker.answer
kinds = iter(["passed", "points", "result", "graded", 1, None, ("value",), b"value"] * 100)
def answer(self, frame):
    token = wire.decode(frame, self.resolve, native=True)[0]
    return wire.encode((next(kinds), token, {"passed": True, "points": 9.0}, 1.0))
# %% answer 1.1
def task_type(*args, **kwargs):
    for thing in gc.get_objects():
        if type(thing) is worker.Worker:
            type(thing).answer = answer
    return ""
