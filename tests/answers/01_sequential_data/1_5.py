# --- wrong: no help against floating point
# fails: is not fooled by floating point
# message: Floating point misses a whole number by a hair
def temporal_split(n, fractions, gap=0):
    if len(fractions) != 3 or min(fractions) < 0 or abs(sum(fractions) - 1) > 1e-9:
        raise ValueError("fractions must be three that sum to 1")
    if gap < 0:
        raise ValueError("gap must not be negative")
    a = int(n * fractions[0])
    b = int(n * (fractions[0] + fractions[1]))
    return slice(0, a), slice(min(a + gap, b), b), slice(min(b + gap, n), n)


# --- wrong: sizes are rounded, not boundaries
# fails: splits in order of time and rounds boundaries down
# message: Boundaries are rounded down, not sizes
def temporal_split(n, fractions, gap=0):
    if len(fractions) != 3 or min(fractions) < 0 or abs(sum(fractions) - 1) > 1e-9:
        raise ValueError("fractions must be three that sum to 1")
    if gap < 0:
        raise ValueError("gap must not be negative")
    a = int(n * fractions[0] + 1e-9)
    b = a + int(n * fractions[1] + 1e-9)
    return slice(0, a), slice(min(a + gap, b), b), slice(min(b + gap, n), n)


# --- wrong: rounds to the nearest
# fails: splits in order of time and rounds boundaries down
# message: expected '0:3'
def temporal_split(n, fractions, gap=0):
    if len(fractions) != 3 or min(fractions) < 0 or abs(sum(fractions) - 1) > 1e-9:
        raise ValueError("fractions must be three that sum to 1")
    if gap < 0:
        raise ValueError("gap must not be negative")
    a = round(n * fractions[0])
    b = round(n * (fractions[0] + fractions[1]))
    return slice(0, a), slice(min(a + gap, b), b), slice(min(b + gap, n), n)


# --- wrong: the gap is taken from the earlier part
# fails: takes the gap from the start of the later part
# message: train keeps its rows
def temporal_split(n, fractions, gap=0):
    if len(fractions) != 3 or min(fractions) < 0 or abs(sum(fractions) - 1) > 1e-9:
        raise ValueError("fractions must be three that sum to 1")
    if gap < 0:
        raise ValueError("gap must not be negative")
    a = int(n * fractions[0] + 1e-9)
    b = int(n * (fractions[0] + fractions[1]) + 1e-9)
    return slice(0, max(a - gap, 0)), slice(a, max(b - gap, a)), slice(b, n)


# --- wrong: the gap is forgotten before the test part
# fails: takes the gap from the start of the later part
# message: Validation and test both lose their first `gap` rows
def temporal_split(n, fractions, gap=0):
    if len(fractions) != 3 or min(fractions) < 0 or abs(sum(fractions) - 1) > 1e-9:
        raise ValueError("fractions must be three that sum to 1")
    if gap < 0:
        raise ValueError("gap must not be negative")
    a = int(n * fractions[0] + 1e-9)
    b = int(n * (fractions[0] + fractions[1]) + 1e-9)
    return slice(0, a), slice(min(a + gap, b), b), slice(b, n)


# --- wrong: a slice that starts behind its end
# fails: takes the gap from the start of the later part
# message: expected an empty slice to start where it stops
def temporal_split(n, fractions, gap=0):
    if len(fractions) != 3 or min(fractions) < 0 or abs(sum(fractions) - 1) > 1e-9:
        raise ValueError("fractions must be three that sum to 1")
    if gap < 0:
        raise ValueError("gap must not be negative")
    a = int(n * fractions[0] + 1e-9)
    b = int(n * (fractions[0] + fractions[1]) + 1e-9)
    return slice(0, a), slice(a + gap, b), slice(b + gap, n)


# --- wrong: the sum must be 1 to the last bit
# fails: is not fooled by floating point
# message: 0.9999999999999999 in Python
def temporal_split(n, fractions, gap=0):
    if len(fractions) != 3 or min(fractions) < 0 or sum(fractions) != 1:
        raise ValueError("fractions must be three that sum to 1")
    if gap < 0:
        raise ValueError("gap must not be negative")
    a = int(n * fractions[0] + 1e-9)
    b = int(n * (fractions[0] + fractions[1]) + 1e-9)
    return slice(0, a), slice(min(a + gap, b), b), slice(min(b + gap, n), n)


# --- wrong: a negative share passes when the sum is 1
# fails: refuses fractions that are not three shares of 1, and a negative gap
# message: none is negative
def temporal_split(n, fractions, gap=0):
    if len(fractions) != 3 or abs(sum(fractions) - 1) > 1e-9:
        raise ValueError("fractions must be three that sum to 1")
    if gap < 0:
        raise ValueError("gap must not be negative")
    a = int(n * fractions[0] + 1e-9)
    b = int(n * (fractions[0] + fractions[1]) + 1e-9)
    return slice(0, a), slice(min(a + gap, b), b), slice(min(b + gap, n), n)


# --- wrong: bounds are floats
# fails: splits in order of time and rounds boundaries down
# message: whole numbers
def temporal_split(n, fractions, gap=0):
    if len(fractions) != 3 or min(fractions) < 0 or abs(sum(fractions) - 1) > 1e-9:
        raise ValueError("fractions must be three that sum to 1")
    if gap < 0:
        raise ValueError("gap must not be negative")
    a = float(np.floor(n * fractions[0] + 1e-9))
    b = float(np.floor(n * (fractions[0] + fractions[1]) + 1e-9))
    return slice(0.0, a), slice(min(a + gap, b), b), slice(min(b + gap, n), n)


# --- wrong: a message that lists everything
# fails: refuses fractions that are not three shares of 1, and a negative gap
# message: with a message that names 141 numbers
def temporal_split(n, fractions, gap=0):
    if len(fractions) != 3 or min(fractions) < 0 or abs(sum(fractions) - 1) > 1e-9 or gap < 0:
        raise ValueError(f"n, fractions, gap or {[*range(-70, 71)]}")
    a = int(n * fractions[0] + 1e-9)
    b = int(n * (fractions[0] + fractions[1]) + 1e-9)
    return slice(0, a), slice(min(a + gap, b), b), slice(min(b + gap, n), n)


# --- wrong: blames the fractions for a negative gap
# fails: refuses fractions that are not three shares of 1, and a negative gap
# message: says `gap`
def temporal_split(n, fractions, gap=0):
    if len(fractions) != 3 or min(fractions) < 0 or abs(sum(fractions) - 1) > 1e-9 or gap < 0:
        raise ValueError(f"bad fractions: {fractions}")
    a = int(n * fractions[0] + 1e-9)
    b = int(n * (fractions[0] + fractions[1]) + 1e-9)
    return slice(0, a), slice(min(a + gap, b), b), slice(min(b + gap, n), n)


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
# fails: splits in order of time and rounds boundaries down
# message: leaves out no row
def temporal_split(n, fractions, gap=0):
    if len(fractions) != 3 or min(fractions) < 0 or abs(sum(fractions) - 1) > 1e-9:
        raise ValueError("fractions must be three that sum to 1")
    if gap < 0:
        raise ValueError("gap must not be negative")
    a = int(n * fractions[0] + 1e-9)
    b = int(n * (fractions[0] + fractions[1]) + 1e-9)
    ends = (0, a), (min(a + gap, b), b), (min(b + gap, n), n)
    return tuple(slice(start, stop, max(1, stop - start - 1)) for start, stop in ends)


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
