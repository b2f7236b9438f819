# tries: a thread that reads the grader's questions itself and answers passed, points and value
# exercise: 1.1
# expects: crashed|timeout
raise SystemExit("hostile: this file is text for the sandbox and is never run by itself")

# %% pipes

# %% added
import os, threading
from seqkit.grading.inside import wire
def answer():
    while True:
        try:
            frame = os.read(QUESTIONS, 2**16)
            token, _, operation, arguments = wire.decode(frame, lambda r: r)
        except Exception:
            continue
        for kind in ("passed", "points", "value"):
            os.write(ANSWERS, wire.encode((kind, token, True)))
# %% answer 1.1
def task_type(*args, **kwargs): return "one-to-one"
for _ in range(4):
    threading.Thread(target=answer, daemon=True).start()
