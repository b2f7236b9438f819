# tries: the grader's own function called back for ever
# exercise: 1.2
# expects: crashed|timeout
# honest: 1.1
raise SystemExit("hostile: this file is text for the sandbox and is never run by itself")

# %% answer 1.2
def order_gap(f, X, permutation):
    while True:
        f(X)
