# tries: inotify, epoll, timers, eventfds, pipes and locks until the kernel has none left for others
# expects: graded|partial|crashed
# honest: 1.1
raise SystemExit("hostile: this file is text for the sandbox and is never run by itself")

# %% added
import ctypes, fcntl, os, select
libc = ctypes.CDLL(None, use_errno=True)
kept = []
try:
    for _ in range(3000):
        watcher = libc.inotify_init()
        if watcher >= 0:
            for path in (b"/usr", b"/usr/lib", b"/usr/bin", b"/course", b"/tmp", b"/proc", b"/dev"):
                libc.inotify_add_watch(watcher, path, 0xFFF)
        kept.append(select.epoll())
        kept.append(os.pipe())
        fcntl.fcntl(kept[-1][1], 1031, 2**20)
except OSError:
    pass
timer = ctypes.c_void_p()
for _ in range(200_000):
    if libc.timer_create(1, None, ctypes.byref(timer)) != 0:
        break
for item in kept:
    for descriptor in item if isinstance(item, tuple) else (item.fileno(),):
        os.close(descriptor)
