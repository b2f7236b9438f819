# tries: daemons that outlive: forked twice, in a session of their own, deaf to every signal, with another name
# honest: 1.1
raise SystemExit("hostile: this file is text for the sandbox and is never run by itself")

# %% added
import ctypes, os, signal, time
ctypes.CDLL(None).prctl(1, 0, 0, 0, 0)
for _ in range(3):
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            for number in range(1, 65):
                try:
                    signal.signal(number, signal.SIG_IGN)
                except (OSError, ValueError):
                    pass
            os.closerange(0, 100)
            os.execv("/bin/sleep", ["@TOKEN@", "3600"])
        os._exit(0)
