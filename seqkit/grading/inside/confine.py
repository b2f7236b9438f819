"""Shut a forked process in: its own namespaces, no capabilities, few system calls, small limits.

Linux only, through ctypes (Python 3.11 has no ``os.unshare``). :func:`enter` runs in the child
right after the fork, before a learner's code. The order matters: the mounts need the
capabilities that the new user namespace then takes away, and the filter comes last because it
forbids everything that came before.
"""

from __future__ import annotations

import ctypes
import os
import platform
import resource
import struct

CLONE_NEWNS, CLONE_NEWCGROUP, CLONE_NEWUTS = 0x00020000, 0x02000000, 0x04000000
CLONE_NEWIPC, CLONE_NEWUSER, CLONE_NEWPID = 0x08000000, 0x10000000, 0x20000000
CLONE_NEWNET, CLONE_NEWTIME = 0x40000000, 0x00000080
MS_RDONLY, MS_NOSUID, MS_NODEV, MS_NOEXEC, MS_REMOUNT = 1, 2, 4, 8, 32
MS_BIND, MS_REC, MS_PRIVATE = 0x1000, 0x4000, 0x40000
PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_CAPBSET_DROP, PR_SET_NO_NEW_PRIVS = 1, 4, 24, 38
PR_SET_SECCOMP, SECCOMP_MODE_FILTER = 22, 2
STUDENT = 1000  # user and group id inside
NOBODY = 65534  # whom a submission is outside, where the grader is root

_libc = ctypes.CDLL(None, use_errno=True)


def _checked(result: int, what: str) -> None:
    if result < 0:
        code = ctypes.get_errno()
        raise OSError(code, f"{what}: {os.strerror(code)}")


def next_fork_in_new_pid_namespace(own_namespace: int) -> None:
    """Let the next child of this process be the first of a new PID namespace.

    ``own_namespace`` is an open ``/proc/self/ns/pid``: the namespace must be left before another
    can be made.
    """
    _checked(_libc.setns(own_namespace, CLONE_NEWPID), "setns")
    _checked(_libc.unshare(CLONE_NEWPID), "unshare")


def enter(folder_size: int) -> None:
    """Move this process, just forked, into namespaces of its own and give up every privilege.

    Parameters
    ----------
    folder_size : int
        Bytes of the fresh ``/tmp``; ``/dev/shm`` gets the same.

    Raises
    ------
    OSError
        If the system refuses any step: the process must not go on then.
    """
    _checked(
        _libc.unshare(CLONE_NEWNS | CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWUTS | CLONE_NEWCGROUP),
        "unshare",
    )
    _mount(b"none", b"/", None, MS_REC | MS_PRIVATE, None)
    locked = MS_NOSUID | MS_NODEV | MS_NOEXEC
    _mount(b"proc", b"/proc", b"proc", locked, None)
    # What the learner sees of /proc cannot be written: where the grader is root, its files are
    # "owned" by whoever runs in here. The descriptor is our own way to the writable one below.
    proc = os.open("/proc", os.O_PATH | os.O_DIRECTORY)
    _write(proc, "self/oom_score_adj", "1000")  # short of memory, the submission goes first
    _mount(b"/proc", b"/proc", None, MS_BIND, None)
    _mount(b"none", b"/proc", None, MS_REMOUNT | MS_BIND | MS_RDONLY | locked, None)
    options = f"size={folder_size},nr_inodes=4096,mode=1777".encode()
    for place in (b"/tmp", b"/dev/shm", b"/dev/pts"):
        _mount(b"tmpfs", place, b"tmpfs", MS_NOSUID | MS_NODEV, options)
    _mount(b"/dev/null", b"/dev/zero", None, MS_BIND, None)  # shared maps of it escape the count
    uid, gid = _become_student()
    _checked(_libc.unshare(CLONE_NEWUSER), "unshare user")
    _write(proc, "self/setgroups", "deny")
    _write(proc, "self/uid_map", f"{STUDENT} {uid} 1")
    _write(proc, "self/gid_map", f"{STUDENT} {gid} 1")
    for name in ("user", "pid", "mnt", "net", "ipc", "uts", "cgroup", "time"):
        _write(proc, f"sys/user/max_{name}_namespaces", "0")
    os.close(proc)
    os.chdir("/tmp")
    _drop_capabilities()


def make_room_for_student(pid: int) -> None:
    """Map root and, for submissions, an ordinary user into a user namespace that root made.

    The kernel never counts root's processes: a submission that is root outside of its namespace
    could fork without end. ``pid`` is a process in the new namespace.
    """
    for name in ("uid_map", "gid_map"):
        with open(f"/proc/{pid}/{name}", "w") as file:
            file.write(f"0 0 1\n{STUDENT} {NOBODY} 1")


def new_user_namespace() -> None:
    """Move this process into a new user namespace; somebody else writes its maps."""
    _checked(_libc.unshare(CLONE_NEWUSER), "unshare user")


def _become_student() -> tuple[int, int]:
    """Become the ordinary user, where there is one, and return the present ids."""
    with open("/proc/self/uid_map") as file:
        mapped = any(line.split()[0] == str(STUDENT) for line in file)
    if mapped:
        os.setgroups([])
        os.setresgid(STUDENT, STUDENT, STUDENT)
        os.setresuid(STUDENT, STUDENT, STUDENT)
        _checked(_libc.prctl(PR_SET_DUMPABLE, 1, 0, 0, 0), "dumpable")
    return os.getuid(), os.getgid()


def forbid_system_calls() -> None:
    """Refuse the system calls that no answer needs and attacks begin with (EPERM or ENOSYS)."""
    machine = {"x86_64": 0, "aarch64": 1}.get(platform.machine())
    if machine is None:
        return
    program = _filter(machine)
    code = (ctypes.c_char * len(program)).from_buffer_copy(program)

    class Program(ctypes.Structure):
        _fields_ = [("length", ctypes.c_ushort), ("code", ctypes.c_void_p)]

    argument = Program(len(program) // 8, ctypes.addressof(code))
    _checked(_libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "no_new_privs")
    _checked(
        _libc.prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, ctypes.byref(argument), 0, 0), "seccomp"
    )


def limit(name: str, value: int) -> None:
    """Set a resource limit, soft and hard, as far as the present hard limit allows."""
    which = getattr(resource, f"RLIMIT_{name}", None)
    if which is None:
        return
    hard = resource.getrlimit(which)[1]
    if hard != resource.RLIM_INFINITY:
        value = min(value, hard)
    resource.setrlimit(which, (value, value))


def die_with_parent() -> None:
    """Ask the kernel to kill this process when the one that forked it ends."""
    _libc.prctl(PR_SET_PDEATHSIG, 9, 0, 0, 0)


def _mount(
    source: bytes, target: bytes, kind: bytes | None, flags: int, data: bytes | None
) -> None:
    _checked(_libc.mount(source, target, kind, flags, data), f"mount {target.decode()}")


def _write(directory: int, path: str, text: str) -> None:
    descriptor = os.open(path, os.O_WRONLY, dir_fd=directory)
    os.write(descriptor, text.encode())
    os.close(descriptor)


def _drop_capabilities() -> None:
    for capability in range(64):
        _libc.prctl(PR_CAPBSET_DROP, capability, 0, 0, 0)
    header = (ctypes.c_uint32 * 2)(0x20080522, 0)
    _checked(_libc.capset(header, (ctypes.c_uint32 * 6)()), "capset")
    _checked(_libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "no_new_privs")


# ---------------------------------------------------------------- the system call filter

#: name: (number on x86_64, number on aarch64)
REFUSED = {
    "ptrace": (101, 117), "process_vm_readv": (310, 270), "process_vm_writev": (311, 271),
    "kcmp": (312, 272), "pidfd_getfd": (438, 438), "process_madvise": (440, 440),
    "mount": (165, 40), "umount2": (166, 39), "pivot_root": (155, 41), "chroot": (161, 51),
    "open_tree": (428, 428), "move_mount": (429, 429), "fsopen": (430, 430),
    "fsconfig": (431, 431), "fsmount": (432, 432), "fspick": (433, 433),
    "mount_setattr": (442, 442), "open_by_handle_at": (304, 265),
    "unshare": (272, 97), "setns": (308, 268),
    "memfd_create": (319, 279), "memfd_secret": (447, 447), "userfaultfd": (323, 282),
    "shmget": (29, 194), "shmat": (30, 196), "shmctl": (31, 195), "semget": (64, 190),
    "msgget": (68, 186), "mq_open": (240, 180),
    "add_key": (248, 217), "request_key": (249, 218), "keyctl": (250, 219),
    "bpf": (321, 280), "perf_event_open": (298, 241), "fanotify_init": (300, 262),
    "io_uring_setup": (425, 425), "io_uring_enter": (426, 426), "io_uring_register": (427, 427),
    "init_module": (175, 105), "finit_module": (313, 273), "delete_module": (176, 106),
    "kexec_load": (246, 104), "reboot": (169, 142), "swapon": (167, 224), "swapoff": (168, 225),
    "quotactl": (179, 60), "acct": (163, 89), "settimeofday": (164, 170),
    "clock_settime": (227, 112), "clock_adjtime": (305, 266), "adjtimex": (159, 171),
    "sethostname": (170, 161), "setdomainname": (171, 162), "syslog": (103, 116),
    "flock": (73, 32), "io_setup": (206, 0), "vmsplice": (278, 75), "set_mempolicy": (238, 237),
    "socket": (41, 198), "socketpair": (53, 199),
    "vhangup": (153, 58), "lookup_dcookie": (212, 18), "personality": (135, 92),
    # what one submission read would be seen by the next, in the kernel's cache of files
    "fadvise64": (221, 223), "preadv2": (327, 286), "mincore": (27, 232), "readahead": (187, 213),
    "cachestat": (451, 451),
    # rules pile up in the kernel's memory, which nobody counts
    "landlock_create_ruleset": (444, 444), "landlock_add_rule": (445, 445),
    "landlock_restrict_self": (446, 446),
    "move_pages": (279, 239), "migrate_pages": (256, 238), "mbind": (237, 235),
}  # fmt: skip
_CLONE, _CLONE3, _MMAP = (56, 220), (435, 435), (9, 222)
_ARCHITECTURE = (0xC000003E, 0xC00000B7)
_ALLOW, _KILL = 0x7FFF0000, 0x80000000
_EPERM, _ENOSYS = 0x00050001, 0x00050026
_NAMESPACES = (
    CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWUSER | CLONE_NEWPID
    | CLONE_NEWNET
)  # fmt: skip
_SHARED_ANONYMOUS = 0x21  # memory that leaves no trace in a process once it is let go


def _filter(machine: int) -> bytes:
    """Return the BPF program (seccomp(2), "struct seccomp_data": nr, arch, ip, args)."""
    load, equal, at_least, any_set, ret, and_ = 0x20, 0x15, 0x35, 0x45, 0x06, 0x54

    def step(code: int, value: int, yes: int = 0, no: int = 0) -> bytes:
        return struct.pack("<HBBI", code, yes, no, value)

    program = [
        step(load, 4),  # the architecture
        step(equal, _ARCHITECTURE[machine], 1, 0),
        step(ret, _KILL),
        step(load, 0),  # the number
        step(at_least, 0x40000000, 0, 1),  # the x32 calls
        step(ret, _KILL),
        step(equal, _CLONE3[machine], 0, 1),  # its flags cannot be read: make libc use clone
        step(ret, _ENOSYS),
    ]
    for numbers in REFUSED.values():
        program += [step(equal, numbers[machine], 0, 1), step(ret, _EPERM)]
    program += [
        step(equal, _CLONE[machine], 0, 4),
        step(load, 16),  # first argument: flags
        step(any_set, _NAMESPACES, 0, 1),
        step(ret, _EPERM),
        step(ret, _ALLOW),
        step(equal, _MMAP[machine], 0, 4),
        step(load, 40),  # fourth argument: flags
        step(and_, _SHARED_ANONYMOUS),
        step(equal, _SHARED_ANONYMOUS, 0, 1),
        step(ret, _EPERM),
        step(ret, _ALLOW),
    ]
    return b"".join(program)
