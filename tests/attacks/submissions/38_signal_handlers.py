# tries: every signal ignored or answered, timers that fire into the worker, and SIGSTOP to itself
# exercise: 1.3
# honest: 1.1
raise SystemExit("hostile: this file is text for the sandbox and is never run by itself")

# %% added
import os, signal
for number in range(1, 65):
    try:
        signal.signal(number, signal.SIG_IGN)
    except (OSError, ValueError):
        pass
signal.signal(signal.SIGALRM, lambda *args: None)
signal.setitimer(signal.ITIMER_REAL, 0.01, 0.01)
os.kill(os.getpid(), signal.SIGSTOP)
os.killpg(0, signal.SIGTSTP)
# %% answer 1.3
def make_windows(*args, **kwargs):
    os.kill(os.getpid(), signal.SIGKILL)
    os.kill(os.getpid(), signal.SIGTERM)
    return None
