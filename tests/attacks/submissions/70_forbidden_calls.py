# tries: io_uring, memfd, keyctl, bpf, userfaultfd, perf, fanotify, namespaces, mounts, modules, clocks, System V memory
# exercise: 1.9
# honest: 1.1
raise SystemExit("hostile: this file is text for the sandbox and is never run by itself")

# %% added
import ctypes, os, platform
libc = ctypes.CDLL(None, use_errno=True)
libc.syscall.restype = ctypes.c_long
buffer = ctypes.create_string_buffer(512)
FILE = os.open("/usr/bin/env", os.O_RDONLY)
calls = {
    "io_uring_setup": (425, 8, buffer), "memfd_create": (319, b"x", 0), "memfd_secret": (447, 0), "add_key": (248, b"user", b"x", b"x", 1, -2),
    "keyctl": (250, 0, -3, 1), "bpf": (321, 5, buffer, 120), "userfaultfd": (323, 1), "perf_event_open": (298, buffer, 0, -1, -1, 0),
    "fanotify_init": (300, 0, 0), "unshare user": (272, 0x10000000), "unshare net": (272, 0x40000000), "unshare mount": (272, 0x20000),
    "clone user": (56, 0x10000011, 0, 0, 0, 0), "clone3": (435, buffer, 88), "mount": (165, b"none", b"/tmp", b"tmpfs", 0, 0), "umount": (166, b"/proc", 2),
    "pivot_root": (155, b"/tmp", b"/tmp"), "chroot": (161, b"/tmp"), "open_tree": (428, -100, b"/", 1), "fsopen": (430, b"tmpfs", 0),
    "setns": (308, 0, 0), "init_module": (175, buffer, 8, b""), "settimeofday": (164, buffer, 0), "sethostname": (170, b"x", 1),
    "shmget": (29, 0, 65536, 0o1777), "semget": (64, 0, 1, 0o1777), "msgget": (68, 0, 0o1777), "mq_open": (240, b"x", 0o102, 0o777, 0),
    "personality": (135, 0x0400000), "socketpair": (53, 1, 1, 0, buffer), "vmsplice": (278, 0, buffer, 1, 0), "flock": (73, FILE, 2),
    "io_setup": (206, 100, buffer), "shared memory": (9, None, 4096, 3, 0x21, -1, 0), "reboot": (169, 0xFEE1DEAD, 672274793, 0), "swapon": (167, b"/tmp/x", 0), "acct": (163, b"/tmp/x"),
    "quotactl": (179, 0, 0, 0, 0), "syslog": (103, 3, buffer, 100), "open_by_handle_at": (304, -100, buffer, 0), "kexec_load": (246, 0, 0, 0, 0),
    "setuid": (105, 0), "setgid": (106, 0), "capset": (126, buffer, buffer),
}
done = []
for name, call in calls.items():
    if libc.syscall(*call) >= 0:
        if name.startswith("clone") and os.getpid() == 0:
            os._exit(0)
        done.append(name)
try:
    os.mknod("/tmp/memory", 0o20666, os.makedev(1, 1))
    open("/tmp/memory", "rb").read(1)
    done.append("mknod")
except OSError:
    pass
if os.geteuid() == 0:
    done.append("root")
WON = bool(done) and platform.machine() == "x86_64"
# %% reward 1.9
