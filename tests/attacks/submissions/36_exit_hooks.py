# tries: what runs at exit, after a fork and in finalizers: a last word when everything is over
# honest: 1.1
raise SystemExit("hostile: this file is text for the sandbox and is never run by itself")

# %% pipes

# %% added
import atexit, os, weakref, threading
from seqkit.grading.inside import wire
def last(*args):
    for token in range(3):
        os.write(ANSWERS, wire.encode(("value", token, "one-to-one")))
atexit.register(last)
os.register_at_fork(before=last, after_in_child=last, after_in_parent=last)
threading._register_atexit(last)
class Late:
    def __del__(self): last()
late = Late()
weakref.finalize(late, last)
