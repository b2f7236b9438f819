# --- wrong: truncates from the wrong side
# fails: keeps the last tokens when truncating left
# message: expected \[\[2, 3\]\]
#-        cut = slice(max_len) if truncate == "right" else slice(-max_len, None)
#+        cut = slice(max_len) if truncate == "left" else slice(-max_len, None)

# --- wrong: fills on the wrong side
# fails: fills on the right, or on the left and with another value when told to
# message: The filler stands on the other side
#-        start = 0 if pad == "right" else steps - len(sequence)
#+        start = 0 if pad == "left" else steps - len(sequence)

# --- wrong: the mask asks which ids are not the filler
# fails: masks what is filler, not what looks like it
# message: use the lengths
#-    return ids, mask, lengths
#+    return ids, ids != value, lengths

# --- wrong: an empty row is filled by a slice from -0
# fails: masks what is filler, not what looks like it
# message: mask is True on real tokens
#-        mask[i, start : start + len(sequence)] = True
#+        mask[i, slice(len(sequence)) if pad == "right" else slice(-len(sequence), None)] = True

# --- wrong: always max_len columns
# fails: keeps the last tokens when truncating left
# message: T is the longest length kept
#-    steps = max(lengths, default=0)
#+    steps = max(lengths, default=0) if max_len is None else max_len

# --- wrong: lengths before cutting
# fails: keeps the last tokens when truncating left
# message: after cutting, not before
#+    lengths = np.array([len(sequence) for sequence in sequences], dtype=np.int64)  # (B,)
#=    if max_len is not None:
#
#-    lengths = np.array([len(sequence) for sequence in sequences], dtype=np.int64)  # (B,)
#-    steps = max(lengths, default=0)
#+    steps = max(map(len, sequences), default=0)

# --- wrong: the filler is always 0
# fails: fills on the right, or on the left and with another value when told to
# message: filled with `value`, not always with 0
#-    ids = np.full((len(sequences), steps), value, dtype=np.int64)  # (B, T)
#+    ids = np.zeros((len(sequences), steps), dtype=np.int64)  # (B, T)

# --- wrong: max_len=0 is taken for None
# fails: refuses a side it does not know, naming it, and a max_len below 1
# message: 0 is not None
#-    if max_len is not None:
#+    if max_len:

# --- wrong: an unknown side is taken for left
# fails: refuses a side it does not know, naming it, and a max_len below 1
# message: raised nothing, expected ValueError
#-    for name, side in (("pad", pad), ("truncate", truncate)):
#-        if side not in ("left", "right"):
#-            raise ValueError(f"{name} must be 'left' or 'right', got {side!r}")

# --- wrong: an empty batch has no longest sequence
# fails: keeps the laws, with lists and with arrays
# message: has zero columns
#-    steps = max(lengths, default=0)
#+    steps = max(lengths)

# --- wrong: a message that lists everything
# fails: refuses a side it does not know, naming it, and a max_len below 1
# message: with a message that names 141 numbers
#-            raise ValueError(f"max_len must be at least 1, got {max_len}")
#+            raise ValueError(f"pad, truncate, middle, max_len or {[*range(-70, 71)]}")

# --- wrong: a message that lists the likeliest words
# fails: refuses every side it does not know, naming it, and every max_len below 1
# message: any other word is a ValueError that names the word
#-            raise ValueError(f"{name} must be 'left' or 'right', got {side!r}")
#+            raise ValueError("pad or truncate is middle, center, top, bottom or both")

# --- wrong: cuts rows at 64
# fails: keeps the laws, with lists and with arrays
# message: It has to work for any size: here longest is 220
#+    sequences = [sequence[:64] for sequence in sequences]
#=    lengths = np.array([len(sequence) for sequence in sequences], dtype=np.int64)  # (B,)

# --- wrong: cuts the caller's lists
# fails: keeps the laws, with lists and with arrays
# message: The caller's sequences was changed
#-        sequences = [sequence[cut] for sequence in sequences]
#+        for i, sequence in enumerate(sequences):
#+            sequences[i] = sequence[cut]

# --- right: lists first, arrays at the end
def pad_batch(sequences, pad="right", truncate="right", max_len=None, value=0):
    if pad not in {"left", "right"} or truncate not in {"left", "right"}:
        raise ValueError(f"sides are 'left' and 'right', got pad={pad!r}, truncate={truncate!r}")
    if max_len is not None and max_len <= 0:
        raise ValueError("max_len has to be positive")
    kept = []
    for sequence in sequences:
        row = [int(token) for token in sequence]
        if max_len is not None and len(row) > max_len:
            row = row[:max_len] if truncate == "right" else row[len(row) - max_len :]
        kept.append(row)
    T = max([len(row) for row in kept] or [0])
    ids, mask = [], []
    for row in kept:
        filler = [value] * (T - len(row))
        real, fake = [True] * len(row), [False] * len(filler)
        ids.append(row + filler if pad == "right" else filler + row)
        mask.append(real + fake if pad == "right" else fake + real)
    shape = (len(kept), T)
    return (
        np.array(ids, dtype=np.int64).reshape(shape),
        np.array(mask, dtype=bool).reshape(shape),
        np.array([len(row) for row in kept], dtype=np.int32),
    )

# --- right: the mask first, by broadcasting
def pad_batch(sequences, pad="right", truncate="right", max_len=None, value=0):
    for name, side in {"pad": pad, "truncate": truncate}.items():
        if side != "left" and side != "right":
            raise ValueError(f"{name}: unknown side {side}")
    if max_len is not None and max_len < 1:
        raise ValueError(f"max_len={max_len} leaves nothing")
    rows = [np.asarray(s, dtype=np.int64) for s in sequences]
    if max_len is not None:
        rows = [r[:max_len] if truncate == "right" else r[-max_len:] for r in rows]
    lengths = np.array([r.size for r in rows], dtype=np.int64)
    T = int(lengths.max(initial=0))
    position = np.arange(T)
    mask = position < lengths[:, None]
    if pad == "left":
        mask = mask[:, ::-1]
    ids = np.full(mask.shape, value, dtype=np.int64)
    if rows:
        ids[mask] = np.concatenate(rows)
    return ids, mask, lengths

# --- wrong: any part of a word is a side
# fails: refuses a side it does not know, naming it, and a max_len below 1
# message: raised nothing, expected ValueError
#-        if side not in ("left", "right"):
#+        if side not in "left or right":

# --- wrong: an empty batch is returned before anything is looked at
# fails: refuses a side it does not know, naming it, and a max_len below 1
# message: even when nothing has to be filled or cut
#=def pad_batch(sequences, pad='right', truncate='right', max_len=None, value=0):
#+    if not any(map(len, sequences)):
#+        shape = len(sequences), 0
#+        return np.zeros(shape, int), np.zeros(shape, bool), np.zeros(shape[0], int)

# --- wrong: Keras pads
# fails: fills on the right, or on the left and with another value when told to
# message: write this one yourself
#-    ids = np.full((len(sequences), steps), value, dtype=np.int64)  # (B, T)
#+    ids = keras.utils.pad_sequences(sequences, steps, "int64", pad, value=value)
