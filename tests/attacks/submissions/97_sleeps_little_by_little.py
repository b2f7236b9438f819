# tries: sleeping a little before each of thousands of call-backs, never long enough to be seen
# exercise: 1.2
# expects: timeout
# honest: 1.1
raise SystemExit("hostile: this file is text for the sandbox and is never run by itself")

# %% answer 1.2
import time
def order_gap(f, X, permutation):
    while True:
        time.sleep(0.04)
        f(X)
