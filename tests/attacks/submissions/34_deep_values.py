# tries: values nested a million deep, values that hold themselves, and two million of them side by side
# exercise: 1.2 1.5 1.8
# expects: graded|crashed|timeout
# honest: 1.1
raise SystemExit("hostile: this file is text for the sandbox and is never run by itself")

# %% answer 1.2
def order_gap(*args):
    nest = []
    for _ in range(200_000):
        nest = [nest]
    return nest
# %% answer 1.5
def temporal_split(*args, **kwargs):
    own = []
    own.append(own)
    return own
# %% answer 1.8
def encode_sentences(*args):
    return [[] for _ in range(200_000)], {i: None for i in range(100_000)}
