# tries: errors whose message names every number and every word that a check may look for
# exercise: 1.3 1.4 1.5 1.7 1.9
# honest: 1.1
raise SystemExit("hostile: this file is text for the sandbox and is never run by itself")

# %% added
words = "synchronized permutation fractions gap length horizon middle max_len side weights history "
numbers = " ".join(map(str, range(-1, 240)))
def refuse(*args, **kwargs): raise ValueError(words + numbers)
# %% answer 1.3
make_windows = refuse
# %% answer 1.4
forecast = refuse
# %% answer 1.5
temporal_split = refuse
# %% answer 1.7
pad_batch = refuse
# %% answer 1.9
def embed_lookup(ids, E): raise IndexError(numbers)
embed_one_hot = embed_lookup
