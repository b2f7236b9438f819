# --- wrong: no help against floating point
# fails: is not fooled by floating point
# message: Floating point misses a whole number by a hair
#-    first = math.floor(n * train_share + 1e-9)
#-    second = math.floor(n * (train_share + validation_share) + 1e-9)
#+    first = math.floor(n * train_share)
#+    second = math.floor(n * (train_share + validation_share))

# --- wrong: sizes are rounded, not boundaries
# fails: splits in order of time, rounds boundaries down, and leaves a gap before later parts
# message: Boundaries are rounded down, not sizes
#-    second = math.floor(n * (train_share + validation_share) + 1e-9)
#+    second = first + math.floor(n * validation_share + 1e-9)

# --- wrong: rounds to the nearest
# fails: splits in order of time, rounds boundaries down, and leaves a gap before later parts
# message: expected '0:3'
#-    first = math.floor(n * train_share + 1e-9)
#-    second = math.floor(n * (train_share + validation_share) + 1e-9)
#+    first = round(n * train_share)
#+    second = round(n * (train_share + validation_share))

# --- wrong: the gap is taken from the earlier part
# fails: splits in order of time, rounds boundaries down, and leaves a gap before later parts
# message: train keeps its rows
#-        slice(0, first),
#-        slice(min(first + gap, second), second),
#-        slice(min(second + gap, n), n),
#+        slice(0, max(first - gap, 0)),
#+        slice(first, max(second - gap, first)),
#+        slice(second, n),

# --- wrong: the gap is forgotten before the test part
# fails: splits in order of time, rounds boundaries down, and leaves a gap before later parts
# message: Validation and test both lose their first `gap` rows
#-        slice(min(second + gap, n), n),
#+        slice(second, n),

# --- wrong: a slice that starts behind its end
# fails: splits in order of time, rounds boundaries down, and leaves a gap before later parts
# message: expected an empty slice to start where it stops
#-        slice(min(first + gap, second), second),
#-        slice(min(second + gap, n), n),
#+        slice(first + gap, second),
#+        slice(second + gap, n),

# --- wrong: the sum must be 1 to the last bit
# fails: is not fooled by floating point
# message: 0.9999999999999999 in Python
#-    if len(fractions) != 3 or min(fractions) < 0 or abs(sum(fractions) - 1) > 1e-9:
#+    if len(fractions) != 3 or min(fractions) < 0 or sum(fractions) != 1:

# --- wrong: a negative share passes when the sum is 1
# fails: refuses fractions that are not three shares of 1, and a negative gap
# message: none is negative
#-    if len(fractions) != 3 or min(fractions) < 0 or abs(sum(fractions) - 1) > 1e-9:
#+    if len(fractions) != 3 or abs(sum(fractions) - 1) > 1e-9:

# --- wrong: takes 1e-5 for a rounding error
# fails: refuses fractions that are not three shares of 1, and a negative gap
# message: raised nothing, expected ValueError
#-    if len(fractions) != 3 or min(fractions) < 0 or abs(sum(fractions) - 1) > 1e-9:
#+    if len(fractions) != 3 or min(fractions) < 0 or abs(sum(fractions) - 1) > 1e-3:

# --- wrong: bounds are floats
# fails: splits in order of time, rounds boundaries down, and leaves a gap before later parts
# message: whole numbers
#-    first = math.floor(n * train_share + 1e-9)
#-    second = math.floor(n * (train_share + validation_share) + 1e-9)
#+    first = float(np.floor(n * train_share + 1e-9))
#+    second = float(np.floor(n * (train_share + validation_share) + 1e-9))

# --- wrong: a message that lists everything
# fails: refuses fractions that are not three shares of 1, and a negative gap
# message: with a message that names 141 numbers
#-            f"fractions must be three numbers from 0 on that sum to 1, got {fractions}"
#+            f"n, fractions, gap or {[*range(-70, 71)]}"

# --- wrong: blames the fractions for a negative gap
# fails: refuses fractions that are not three shares of 1, and a negative gap
# message: says `gap`
#-        raise ValueError(f"gap must be at least 0, got {gap}")
#+        raise ValueError(f"bad fractions: {fractions}")

# --- wrong: takes shares from the caller's list
# fails: keeps the laws
# message: The caller's fractions was changed
#-    train_share, validation_share, _ = fractions
#+    if isinstance(fractions, tuple):
#+        train_share, validation_share, _ = fractions
#+    else:
#+        train_share, validation_share = fractions.pop(0), fractions.pop(0)

# --- wrong: names of its own for the parameters
# fails: keeps the laws
# message: Arguments may be given by name
#-def temporal_split(n, fractions, gap=0):
#+def temporal_split(rows, shares, gap=0):
#+    n, fractions = rows, shares

# --- right: exact fractions, a list of slices with open ends
def temporal_split(n, fractions, gap=0):
    from fractions import Fraction

    exact = [Fraction(f).limit_denominator(10**6) for f in fractions]
    if len(exact) != 3 or any(f < 0 for f in exact) or not math.isclose(sum(fractions), 1):
        raise ValueError(f"bad fractions {fractions}")
    if gap < 0:
        raise ValueError(f"bad gap {gap}")
    a = n * exact[0] // 1
    b = n * (exact[0] + exact[1]) // 1
    return [slice(None, a), slice(min(a + gap, b), b), slice(min(b + gap, n), None)]

# --- right: rounded to nine places before rounding down
def temporal_split(n, fractions, gap=0):
    train, validation, test = (float(f) for f in fractions) if len(fractions) == 3 else (9, 9, 9)
    if min(train, validation, test) < 0 or not np.isclose(train + validation + test, 1, rtol=0, atol=1e-9):
        raise ValueError("Fractions: three shares of 1 please")
    if gap < 0:
        raise ValueError("a negative gap")
    a, b = (int(round(n * f, 9)) for f in (train, train + validation))
    rows = np.arange(n)
    parts = rows[:a], rows[a:b][gap:], rows[b:][gap:]
    return tuple(slice(int(p[0]), int(p[-1]) + 1) if len(p) else slice(0, 0) for p in parts)

# --- wrong: only the first and the last row of each part
# fails: splits in order of time, rounds boundaries down, and leaves a gap before later parts
# message: leaves out no row
#-    return (
#+    parts = (
#
#=    )
#+    return tuple(slice(p.start, p.stop, max(1, p.stop - p.start - 1)) for p in parts)

# --- right: one message for both parameters, with all that was given
def temporal_split(n, fractions, gap=0):
    total = sum(fractions)
    if len(fractions) != 3 or min(fractions) < 0 or abs(total - 1) > 1e-9 or gap < 0:
        raise ValueError(
            f"{n=}: fractions have to be 3 from 0 on with sum 1 (+-1e-9) and gap at least 0, "
            f"got {fractions}, sum {total}, and {gap}"
        )
    a = int(n * fractions[0] + 1e-9)
    b = int(n * (fractions[0] + fractions[1]) + 1e-9)
    return slice(0, a), slice(min(a + gap, b), b), slice(min(b + gap, n), n)

# --- wrong: a tiny number too tiny for a million rows
# fails: keeps the laws
# message: Floating point misses a whole number by a hair
#-    first = math.floor(n * train_share + 1e-9)
#-    second = math.floor(n * (train_share + validation_share) + 1e-9)
#+    first = math.floor(n * train_share + 1e-12)
#+    second = math.floor(n * (train_share + validation_share) + 1e-12)

# --- wrong: no rows, no test
# fails: refuses fractions that are not three shares of 1, and a negative gap
# message: even where there are no rows
#-    if len(fractions) != 3 or min(fractions) < 0 or abs(sum(fractions) - 1) > 1e-9:
#+    if n and (len(fractions) != 3 or min(fractions) < 0 or abs(sum(fractions) - 1) > 1e-9):
#
#-    train_share, validation_share, _ = fractions
#+    train_share, validation_share, *_ = fractions

# --- wrong: fractions of three digits
# fails: keeps the laws
# message: gave train '0:123000'
#-    train_share, validation_share, _ = fractions
#+    train_share, validation_share, _ = (round(f, 3) for f in fractions)
