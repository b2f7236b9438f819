# tries: memory in the kernel: socket pairs filled to the brim, in many processes
# expects: partial|timeout
# honest: 1.7
raise SystemExit("hostile: this file is text for the sandbox and is never run by itself")

# %% added
import os, socket, time
parent_of_all = os.getpid()
for _ in range(3):
    os.fork()
kept = []
while True:
    try:
        pair = socket.socketpair()
        for end in pair:
            end.setblocking(False)
            try:
                while True:
                    end.send(b"x" * 65536)
            except BlockingIOError:
                pass
        kept.append(pair)
    except OSError:
        if kept:
            time.sleep(60)
        if os.getpid() != parent_of_all:
            os._exit(0)
        raise
