# --- wrong: -1 is the last row
# fails: refuses ids that have no row, -1 too
# message: raised nothing, expected IndexError
#-    outside = ids[(ids < 0) | (ids >= len(E))]
#+    outside = ids[ids >= len(E)]

# --- wrong: an id without a row becomes zeros
# fails: refuses ids that have no row, -1 too
# message: raised nothing, expected IndexError
#-    missing = ids[~one_hot.any(axis=-1)]
#-    if missing.size > 0:
#-        raise IndexError(f"id {missing[0]} is outside 0 to {len(E) - 1}")

# --- wrong: counts from 1
# fails: looks the rows of E up
# message: id 0 is row 0 of E
#-    return E[ids]
#+    return E[ids - 1]

# --- wrong: id 0 is masked
# fails: gets the same rows as a product with one-hot vectors
# message: nothing is masked
#+    one_hot[..., 0] = 0
#=    return one_hot @ E

# --- wrong: float64 out of float32
# fails: gets the same rows as a product with one-hot vectors
# message: make the one-hot array in the dtype of E
#-    one_hot = (ids[..., None] == np.arange(len(E))).astype(E.dtype)  # (B, T, V)
#+    one_hot = (ids[..., None] == np.arange(len(E))).astype(np.float64)  # (B, T, V)

# --- wrong: stops at the one-hot array
# fails: gets the same rows as a product with one-hot vectors
# message: multiply it with E
#-    return one_hot @ E
#+    return one_hot

# --- wrong: looks columns up
# fails: looks the rows of E up
# message: gave the embedding of shape
#-    return E[ids]
#+    return E.T[np.minimum(ids, E.shape[1] - 1)]

# --- wrong: the limit is one too high
# fails: refuses ids that have no row, -1 too
# message: raised nothing, expected IndexError
#-    outside = ids[(ids < 0) | (ids >= len(E))]
#+    outside = ids[(ids < 0) | (ids > len(E))]
#
#-    return E[ids]
#+    return np.take(E, ids, axis=0, mode="clip")

# --- wrong: a message that lists everything
# fails: refuses ids that have no row, -1 too
# message: with a message that names 141 numbers
#-        raise IndexError(f"id {outside[0]} is outside 0 to {len(E) - 1}")
#+        raise IndexError(f"ids, E or {[*range(-70, 71)]}")

# --- wrong: a message that lists the likeliest
# fails: refuses every id that has no row, wherever it stands
# message: an IndexError that names it
#-        raise IndexError(f"id {outside[0]} is outside 0 to {len(E) - 1}")
#+        V = len(E)
#+        raise IndexError(f"{V}, {V + 1}, {V + 2}, -1, {-V} or {-V - 1}")

# --- wrong: wipes the caller's ids
# fails: keeps the laws, in both functions
# message: The caller's ids was changed
#-    return E[ids]
#+    rows = E[ids]
#+    ids[...] = 0
#+    return rows

# --- wrong: doubles the caller's E
# fails: keeps the laws, in both functions
# message: The caller's E was changed
#-    return one_hot @ E
#+    rows = one_hot @ E
#+    E *= 2
#+    return rows

# --- right: loops and einsum
def embed_lookup(ids, E):
    V = E.shape[0]
    rows = []
    for row in ids:
        for i in row:
            if not 0 <= i < V:
                raise IndexError(f"no row {i} among {V}")
        rows.append([E[i] for i in row])
    return np.array(rows)


def embed_one_hot(ids, E):
    B, T = ids.shape
    one_hot = np.zeros((B, T, E.shape[0]), dtype=E.dtype)
    for b in range(B):
        for t in range(T):
            if ids[b, t] < 0:
                raise IndexError(f"negative id {ids[b, t]}")
            one_hot[b, t, ids[b, t]] = 1
    return np.einsum("btv,vd->btd", one_hot, E)

# --- right: np.take refuses what is too large, put_along_axis sets the ones
def embed_lookup(ids, E):
    if (ids < 0).any():
        raise IndexError(f"ids must not be negative: {ids[ids < 0].tolist()}")
    if (ids > len(E) - 1).any():
        raise IndexError(f"ids too large: {ids[ids > len(E) - 1].tolist()}")
    return np.take(E, ids, axis=0)


def embed_one_hot(ids, E):
    embed_lookup(ids, E)  # refuses bad ids
    one_hot = np.zeros((*ids.shape, len(E)))
    np.put_along_axis(one_hot, ids[..., None].astype(np.int64), 1, axis=-1)
    return np.matmul(one_hot, E).astype(E.dtype)

# --- right: a message that shows all ids
def embed_lookup(ids, E):
    if not np.isin(ids, np.arange(len(E))).all():
        raise IndexError(f"ids {ids.tolist()} of shape {ids.shape} are not all among 0 to {len(E) - 1}")
    return E[ids]


def embed_one_hot(ids, E):
    embed_lookup(ids, E)
    return np.eye(len(E), dtype=E.dtype)[ids] @ E

# --- wrong: no product
# fails: gets the same rows as a product with one-hot vectors
# message: 0 · NaN is NaN
#-    return one_hot @ E
#+    return E[ids]

# --- wrong: no look-up
# fails: gets the same rows as a product with one-hot vectors
# message: embed_lookup takes the rows asked for
#-    return E[ids]
#+    return (ids[..., None] == np.arange(len(E))).astype(E.dtype) @ E

# --- wrong: a view of the row for a single id
# fails: keeps the laws, in both functions
# message: it is a view of E
#-    return E[ids]
#+    return E[ids] if ids.size > 1 else E[None, ids[0, 0] : ids[0, 0] + 1]

# --- wrong: a product in float32
# fails: keeps the laws, in both functions
# message: agree to a few digits only
#-    return one_hot @ E
#+    return (one_hot.astype(np.float32) @ E.astype(np.float32)).astype(E.dtype)
