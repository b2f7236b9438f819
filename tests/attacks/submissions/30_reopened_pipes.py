# tries: the other ends of its own pipes, opened through /proc, to write questions and to steal answers back from the grader's hands
# expects: graded|timeout|crashed
# honest: 1.7
raise SystemExit("hostile: this file is text for the sandbox and is never run by itself")

# %% pipes

# %% added
import fcntl, os, time
try:
    thief = os.open(f"/proc/self/fd/{ANSWERS}", os.O_RDONLY | os.O_NONBLOCK)
    fcntl.fcntl(thief, 1031, 4096)
    os.write(ANSWERS, b"\x00\x1f\xff\xff\0\0\0\0")
    end = time.monotonic() + 0.5
    while time.monotonic() < end:
        os.write(ANSWERS, b"\0")
        try:
            os.read(thief, 1)
        except BlockingIOError:
            pass
    time.sleep(1000)
except PermissionError:
    pass
