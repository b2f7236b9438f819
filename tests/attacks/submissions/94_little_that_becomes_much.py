# tries: replies of half a megabyte that become gigabytes where they are rebuilt or compared
# exercise: 1.1 1.2
# honest: 1.7
raise SystemExit("hostile: this file is text for the sandbox and is never run by itself")

# %% added
import msgpack
from seqkit.grading.inside import wire, worker

def frame(tree):
    structure = msgpack.packb(tree)
    return wire.HEADER.pack(len(structure), 0) + structure

EMPTY = ["a", "<U0", [65536], 0]
BOMB = frame(["t", ["value", ["l", *[[EMPTY] * 4096] * 10]]])
real = worker.Worker._reply

def reply(self, request):
    return BOMB if b"task_type" in request else real(self, request)

worker.Worker._reply = reply
# %% answer 1.1
def task_type(*args, **kwargs): return 0
# %% answer 1.2
def order_gap(f, X, permutation): return [""] * 1500 + ["x" * 700_000]
