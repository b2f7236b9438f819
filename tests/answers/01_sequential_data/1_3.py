# --- wrong: the seed's range loses the last window
# fails: keeps every window
# message: the last window was lost
def make_windows(series, length, horizon=1):
    if length < 1 or horizon < 1:
        raise ValueError("length and horizon must be at least 1")
    if len(series) < length + horizon:
        raise ValueError(f"{len(series)} values are too few for {length} and {horizon}")
    starts = range(len(series) - length - horizon)
    X = np.array([series[i : i + length] for i in starts])
    y = np.array([series[i + length : i + length + horizon] for i in starts])
    return X, y


# --- wrong: copies
# fails: copies nothing: what is written into the series shows in the windows
# message: X is a copy
def make_windows(series, length, horizon=1):
    if length < 1 or horizon < 1:
        raise ValueError("length and horizon must be at least 1")
    if len(series) < length + horizon:
        raise ValueError(f"{len(series)} values are too few for {length} and {horizon}")
    starts = range(len(series) - length - horizon + 1)
    X = np.array([series[i : i + length] for i in starts])
    y = np.array([series[i + length : i + length + horizon] for i in starts])
    return X, y


# --- wrong: targets are copies
# fails: copies nothing: what is written into the series shows in the windows
# message: y is a copy
def make_windows(series, length, horizon=1):
    if length < 1 or horizon < 1:
        raise ValueError("length and horizon must be at least 1")
    if len(series) < length + horizon:
        raise ValueError(f"{len(series)} values are too few for {length} and {horizon}")
    n = len(series) - length - horizon + 1
    index = np.arange(n)[:, None] + length + np.arange(horizon)
    return np.lib.stride_tricks.sliding_window_view(series, length)[:n], series[index]


# --- wrong: y for horizon 1 has no columns
# fails: keeps every window
# message: shape \(n, 1\)
def make_windows(series, length, horizon=1):
    if length < 1 or horizon < 1:
        raise ValueError("length and horizon must be at least 1")
    if len(series) < length + horizon:
        raise ValueError(f"{len(series)} values are too few for {length} and {horizon}")
    n = len(series) - length - horizon + 1
    X = np.lib.stride_tricks.sliding_window_view(series, length)[:n]
    if horizon == 1:
        return X, series[length:]
    return X, np.lib.stride_tricks.sliding_window_view(series[length:], horizon)


# --- wrong: targets one step late
# fails: keeps every window
# message: gave y of shape \(1, 1\), expected \(2, 1\)
def make_windows(series, length, horizon=1):
    if length < 1 or horizon < 1:
        raise ValueError("length and horizon must be at least 1")
    if len(series) < length + horizon:
        raise ValueError(f"{len(series)} values are too few for {length} and {horizon}")
    view = np.lib.stride_tricks.sliding_window_view
    n = len(series) - length - horizon + 1
    return view(series, length)[:n], view(series[length + 1 :], horizon)


# --- wrong: targets overlap the window
# fails: keeps every window
# message: one step early
def make_windows(series, length, horizon=1):
    if length < 1 or horizon < 1:
        raise ValueError("length and horizon must be at least 1")
    if len(series) < length + horizon:
        raise ValueError(f"{len(series)} values are too few for {length} and {horizon}")
    view = np.lib.stride_tricks.sliding_window_view
    n = len(series) - length - horizon + 1
    return view(series, length)[:n], view(series[length - 1 :], horizon)[:n]


# --- wrong: a window more than there are targets
# fails: keeps every window
# message: windows without a target
def make_windows(series, length, horizon=1):
    if length < 1 or horizon < 1:
        raise ValueError("length and horizon must be at least 1")
    if len(series) < length + horizon:
        raise ValueError(f"{len(series)} values are too few for {length} and {horizon}")
    view = np.lib.stride_tricks.sliding_window_view
    return view(series, length), view(series[length:], horizon)


# --- wrong: NumPy's own error, which names no numbers
# fails: refuses a series too short for one window, naming the lengths
# message: expected it to name 4 and 5
def make_windows(series, length, horizon=1):
    if length < 1 or horizon < 1:
        raise ValueError("length and horizon must be at least 1")
    spans = np.lib.stride_tricks.sliding_window_view(series, length + horizon)
    return spans[:, :length], spans[:, length:]


# --- wrong: a series for one window is refused
# fails: takes a series with room for one window and refuses a shorter one
# message: exactly length \+ horizon values
def make_windows(series, length, horizon=1):
    if length < 1 or horizon < 1:
        raise ValueError("length and horizon must be at least 1")
    if len(series) <= length + horizon:
        raise ValueError(f"{len(series)} values are too few for {length} and {horizon}")
    spans = np.lib.stride_tricks.sliding_window_view(series, length + horizon)
    return spans[:, :length], spans[:, length:]


# --- wrong: names the length, whichever is wrong
# fails: refuses a series too short for one window, naming the lengths
# message: names the parameter
def make_windows(series, length, horizon=1):
    if length < 1 or horizon < 1:
        raise ValueError("length must be at least 1")
    if len(series) < length + horizon:
        raise ValueError(f"{len(series)} values are too few for {length} and {horizon}")
    spans = np.lib.stride_tricks.sliding_window_view(series, length + horizon)
    return spans[:, :length], spans[:, length:]


# --- wrong: a message that lists everything
# fails: refuses a series too short for one window, naming the lengths
# message: with a message that names 71 numbers
def make_windows(series, length, horizon=1):
    if length < 1 or horizon < 1 or len(series) < length + horizon:
        raise ValueError(f"series, length, horizon or {[*range(71)]}")
    spans = np.lib.stride_tricks.sliding_window_view(series, length + horizon)
    return spans[:, :length], spans[:, length:]


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
            f"series of {series.size} values: too short for length={length}, horizon={horizon}"
        )
    view = np.lib.stride_tricks.sliding_window_view
    return view(series[: series.size - horizon], length), view(series[length:], horizon)


# --- right: one message for both parameters
def make_windows(series, length, horizon=1):
    if length < 1 or horizon < 1:
        raise ValueError(f"length and horizon must be at least 1, got {length} and {horizon}")
    needed = length + horizon
    if len(series) < needed:
        raise ValueError(f"{len(series)} of {needed}={length}+{horizon} values ({series.dtype})")
    spans = np.lib.stride_tricks.sliding_window_view(series, needed)
    return spans[:, :length], spans[:, length:]
