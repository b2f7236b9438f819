# tries: more CPU seconds than a check has, in children that nobody waits for
# exercise: 1.1
# expects: timeout
# honest: 1.7
raise SystemExit("hostile: this file is text for the sandbox and is never run by itself")

# %% answer 1.1
import os, signal, time

def task_type(*args, **kwargs):
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    while True:
        for _ in range(2):
            if os.fork() == 0:
                while time.process_time() < 0.3:
                    pass
                os._exit(0)
        while True:
            try:
                os.waitpid(-1, 0)
            except ChildProcessError:
                break
