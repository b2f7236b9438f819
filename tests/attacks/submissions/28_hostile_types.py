# tries: returned objects whose class, name, length, repr and deletion loop for ever
# exercise: 1.1
# expects: timeout
# honest: 1.7
raise SystemExit("hostile: this file is text for the sandbox and is never run by itself")

# %% added
class Meta(type):
    @property
    def __name__(cls):
        while True: pass
class Trap(metaclass=Meta):
    def __del__(self):
        while True: pass
    def __repr__(self):
        while True: pass
# %% answer 1.1
def task_type(*args, **kwargs): return Trap()
