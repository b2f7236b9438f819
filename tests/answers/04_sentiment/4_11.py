# --- wrong: counted from 0
# fails: takes the first epoch with the lowest validation loss, counted from 1
# message: epochs were counted from 0
#-    return losses.index(min(losses)) + 1
#+    return losses.index(min(losses))

# --- wrong: the highest validation accuracy
# fails: takes the first epoch with the lowest validation loss, counted from 1
# message: chosen by 'val_accuracy'
#=    losses = history["val_loss"]
#+    if "val_accuracy" in history:
#+        return history["val_accuracy"].index(max(history["val_accuracy"])) + 1

# --- wrong: the last of equals
# fails: takes the first epoch with the lowest validation loss, counted from 1
# message: the last of equals
#-    return losses.index(min(losses)) + 1
#+    return max(k for k, loss in enumerate(losses, 1) if loss == min(losses))

# --- wrong: stops at the first rise
# fails: takes the first epoch with the lowest validation loss, counted from 1
# message: the search stopped at the first rise
#-    return losses.index(min(losses)) + 1
#+    for k in range(1, len(losses)):
#+        if losses[k] >= losses[k - 1]:
#+            return k
#+    return len(losses)

# --- wrong: looks at neighbours alone
# fails: refuses an id in more than one split, whichever these are, and names both
# message: look at every pair of splits
#-    for first, second in combinations(split_ids, 2):
#+    for first, second in zip(split_ids, list(split_ids)[1:]):

# --- wrong: three names and no others
# fails: refuses an id in more than one split, whichever these are, and names both
# message: whatever they are called
#-    for first, second in combinations(split_ids, 2):
#+    names = [name for name in ("train", "validation", "test") if name in split_ids]
#+    for first, second in combinations(names, 2):

# --- wrong: names every split there is
# fails: refuses an id in more than one split, whichever these are, and names both
# message: no split that shares none
#-            raise ValueError(
#-                f"{first} and {second} share {len(shared)} ids, such as {next(iter(shared))!r}"
#-            )
#+            raise ValueError(f"the splits {', '.join(split_ids)} overlap")

# --- wrong: an id twice in one split is refused too
# fails: takes the first epoch with the lowest validation loss, counted from 1
# message: one comes twice in one split is fine
#=    losses = history["val_loss"]
#+    for name, ids in split_ids.items():
#+        if len(set(ids)) < len(ids):
#+            raise ValueError(f"{name} and {name} share an id")

# --- wrong: looks at the first ids
# fails: refuses splits that share an id, any two of any number, and no others
# message: An id in more than one split is a ValueError
#-        shared = set(split_ids[first]) & set(split_ids[second])
#+        shared = set(split_ids[first][:2]) & set(split_ids[second][:2])

# --- wrong: sorts the caller's losses
# fails: keeps the laws
# message: The caller's history was changed|counted from 1|was chosen
#-    losses = history["val_loss"]
#-    return losses.index(min(losses)) + 1
#+    best = min(history["val_loss"])
#+    epoch = history["val_loss"].index(best) + 1
#+    history["val_loss"].sort()
#+    return epoch

# --- wrong: numbers and strings are alike
# fails: takes the first epoch with the lowest validation loss, counted from 1
# message: 1 and '1' are two ids
#-        shared = set(split_ids[first]) & set(split_ids[second])
#+        shared = set(map(str, split_ids[first])) & set(map(str, split_ids[second]))

# --- wrong: losses of single precision
# fails: takes the first epoch with the lowest validation loss, counted from 1
# message: gave the epoch 1, expected 2
#-    losses = history["val_loss"]
#+    losses = np.float32(history["val_loss"]).tolist()

# --- right: every id remembers its split
def choose_epoch(history, split_ids):
    owner = {}
    for name, ids in split_ids.items():
        for one in ids:
            if owner.setdefault(one, name) != name:
                raise ValueError(f"{one!r} is in {owner[one]!r} and in {name!r}")
    return int(np.argmin(history["val_loss"])) + 1

# --- right: all pairs in one message, the best of numbered losses
def choose_epoch(history, split_ids):
    names = list(split_ids)
    bad = []
    for i in range(len(names)):
        for j in range(i):
            if not set(split_ids[names[i]]).isdisjoint(split_ids[names[j]]):
                bad.append(f"{names[j]} overlaps {names[i]}")
    if bad:
        raise ValueError("; ".join(bad))
    _, epoch = min((loss, k) for k, loss in enumerate(history["val_loss"], start=1))
    return epoch

# --- right: by a loop, with a class of its own for the error
class LeakageError(ValueError):
    pass


def choose_epoch(history, split_ids):
    for a in split_ids:
        for b in split_ids:
            if a != b and any(one in split_ids[b] for one in split_ids[a]):
                raise LeakageError(f"reviews of {a} stand in {b} too")
    best = 0
    losses = history["val_loss"]
    for k in range(len(losses)):
        if losses[k] < losses[best]:
            best = k
    return np.int64(best + 1)

# --- right: says what it means for the validation loss
def choose_epoch(history, split_ids):
    shared = [(a, b) for a, b in combinations(split_ids, 2) if {*split_ids[a]} & {*split_ids[b]}]
    for a, b in shared:
        raise ValueError(f"{a!r} and {b!r} have reviews in common: no validation loss is proof")
    return int(np.argmin(history["val_loss"])) + 1
