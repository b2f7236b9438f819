# tries: garbage-collector call-backs, __del__ and a patched gc that change what is about to be sent
# exercise: 1.3
# honest: 1.1
raise SystemExit("hostile: this file is text for the sandbox and is never run by itself")

# %% added
import gc
class Resurrect:
    def __del__(self):
        for thing in gc.get_objects()[-2000:]:
            if type(thing) is list and thing[:1] == ["t"]:
                thing[:] = [True]
def meddle(phase, info):
    for thing in gc.get_objects()[-200:]:
        if type(thing) is dict and "message" in thing:
            thing["message"] = "passed"
gc.callbacks.append(meddle)
gc.set_threshold(500, 5, 5)
# %% answer 1.3
def make_windows(*args, **kwargs):
    Resurrect()
    return [[0]] * 50, [[0]] * 50
