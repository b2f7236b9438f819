# --- wrong: the seed's range loses the last window
# fails: keeps every window, with as many targets as the horizon is long
# message: the last window was lost
#-    spans = sliding_window_view(series, length + horizon)  # (windows, length + horizon)
#+    starts = range(len(series) - length - horizon)
#+    spans = np.array([series[i : i + length + horizon] for i in starts])

# --- wrong: copies
# fails: copies nothing: what is written into the series shows in the windows
# message: X is a copy
#-    return spans[:, :length], spans[:, length:]
#+    return spans[:, :length].copy(), spans[:, length:].copy()

# --- wrong: targets are copies
# fails: copies nothing: what is written into the series shows in the windows
# message: y is a copy
#-    return spans[:, :length], spans[:, length:]
#+    return spans[:, :length], spans[:, length:].copy()

# --- wrong: y for horizon 1 has no columns
# fails: keeps every window, with as many targets as the horizon is long
# message: shape \(n, 1\)
#-    return spans[:, :length], spans[:, length:]
#+    return spans[:, :length], spans[:, length] if horizon == 1 else spans[:, length:]

# --- wrong: targets one step late
# fails: keeps every window, with as many targets as the horizon is long
# message: gave y of shape \(1, 1\), expected \(2, 1\)
#-    return spans[:, :length], spans[:, length:]
#+    return spans[:, :length], sliding_window_view(series[length + 1 :], horizon)

# --- wrong: targets overlap the window
# fails: keeps every window, with as many targets as the horizon is long
# message: one step early
#-    return spans[:, :length], spans[:, length:]
#+    return spans[:, :length], spans[:, length - 1 : -1]

# --- wrong: a window more than there are targets
# fails: keeps every window, with as many targets as the horizon is long
# message: windows without a target
#-    return spans[:, :length], spans[:, length:]
#+    return sliding_window_view(series, length), spans[:, length:]

# --- wrong: NumPy's own error, which names no numbers
# fails: refuses a series too short for one window, naming the lengths
# message: expected it to name 4 and 5
#-    if len(series) < length + horizon:
#-        raise ValueError(
#-            f"a series of {len(series)} values is too short: "
#-            f"length {length} and horizon {horizon} need {length + horizon}"
#-        )

# --- wrong: names the length, whichever is wrong
# fails: refuses a series too short for one window, naming the lengths
# message: names the parameter
#-        raise ValueError(f"length and horizon must be at least 1, got {length} and {horizon}")
#+        raise ValueError("length must be at least 1")

# --- wrong: a message that lists everything
# fails: refuses a series too short for one window, naming the lengths
# message: with a message that names 71 numbers
#-            f"a series of {len(series)} values is too short: "
#-            f"length {length} and horizon {horizon} need {length + horizon}"
#+            f"series, length, horizon or {[*range(71)]}"

# --- wrong: strides of a series that lies without gaps
# fails: keeps the laws
# message: The same values in another layout
#-    spans = sliding_window_view(series, length + horizon)  # (windows, length + horizon)
#+    windows, step = len(series) - length - horizon + 1, series.itemsize
#+    as_strided = np.lib.stride_tricks.as_strided
#+    spans = as_strided(series, (windows, length + horizon), (step, step))

# --- wrong: refuses a series with exactly one window
# fails: refuses a series too short for one window, naming the lengths
# message: exactly length \+ horizon values has one window
#-    if len(series) < length + horizon:
#+    if len(series) <= length + horizon:

# --- right: as_strided
def make_windows(series, length, horizon=1):
    for name, size in (("length", length), ("horizon", horizon)):
        if size <= 0:
            raise ValueError(f"{name} must be positive, got {size}")
    n = series.shape[0] - length - horizon + 1
    if n < 1:
        raise ValueError(f"need {length + horizon} values, got {series.shape[0]}")
    step = series.strides[0]
    strided = np.lib.stride_tricks.as_strided
    X = strided(series, shape=(n, length), strides=(step, step))
    y = strided(series[length:], shape=(n, horizon), strides=(step, step))
    return X, y

# --- right: two sliding views
def make_windows(series, length, horizon=1):
    if length < 1:
        raise ValueError(f"length must be at least 1, got {length}")
    if horizon < 1:
        raise ValueError(f"horizon must be at least 1, got {horizon}")
    if length + horizon > series.size:
        raise ValueError(
            f"series of {series.size} values: too short for {length}+{horizon}={length + horizon}"
        )
    view = np.lib.stride_tricks.sliding_window_view
    return view(series[: series.size - horizon], length), view(series[length:], horizon)

# --- right: one message for both parameters
#-            f"a series of {len(series)} values is too short: "
#-            f"length {length} and horizon {horizon} need {length + horizon}"
#+            f"{len(series)} of {length + horizon}={length}+{horizon} values ({series.dtype})"

# --- right: a named tuple
#-    return spans[:, :length], spans[:, length:]
#+    from collections import namedtuple
#+
#+    return namedtuple("Windows", "X y")(spans[:, :length], spans[:, length:])

# --- right: messages that show the whole series
#-        raise ValueError(f"length and horizon must be at least 1, got {length} and {horizon}")
#+        raise ValueError(f"from {length=} and {horizon=} no windows of {series.tolist()}")
#
#-            f"a series of {len(series)} values is too short: "
#-            f"length {length} and horizon {horizon} need {length + horizon}"
#+            f"{len(series)} values are too few where {length + horizon} are needed: {series}"

# --- wrong: copies what does not lie in one piece
# fails: copies nothing: what is written into the series shows in the windows
# message: X is a copy \(the series is a reversed view
#-    spans = sliding_window_view(series, length + horizon)  # (windows, length + horizon)
#+    spans = sliding_window_view(np.ascontiguousarray(series), length + horizon)

# --- wrong: no values, no windows
# fails: refuses a series too short for one window, naming the lengths
# message: raised nothing, expected ValueError
#-    if len(series) < length + horizon:
#+    if len(series) == 0:
#+        return np.empty((0, length)), np.empty((0, horizon))
#+    if len(series) < length + horizon:

# --- wrong: does not say how many values are needed
# fails: refuses a series too short for one window, naming the lengths
# message: expected it to name 4 and 5
#-            f"a series of {len(series)} values is too short: "
#-            f"length {length} and horizon {horizon} need {length + horizon}"
#+            f"{len(series)} values are too few for length {length} and horizon {horizon}"
