# tries: failing only sometimes and slowly, so that looking for the smallest failing case never ends
# exercise: 1.3
# expects: graded|timeout
# honest: 1.1
raise SystemExit("hostile: this file is text for the sandbox and is never run by itself")

# %% answer 1.3
import time
calls = 0
def make_windows(series, length, horizon=1):
    global calls
    calls += 1
    time.sleep(0.02)
    if calls % 3 == 0:
        return np.zeros((1, 1)), np.zeros((1, 1))
    spans = sliding_window_view(series, length + horizon)
    return spans[:, : length - 1], spans[:, length:]
