# tries: an endless matrix product, in as many threads as the machine has
# expects: timeout
# honest: 1.7
raise SystemExit("hostile: this file is text for the sandbox and is never run by itself")

# %% added
import threading
def multiply():
    A = np.random.rand(1500, 1500)
    while True:
        A = A @ A
        A /= A.max()
for _ in range(8):
    threading.Thread(target=multiply, daemon=True).start()
multiply()
