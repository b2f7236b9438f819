# tries: writing outside: the canary folder, the course, the interpreter, /dev, /proc/sys, the next one's /tmp
# exercise: 1.9
# honest: 1.1
raise SystemExit("hostile: this file is text for the sandbox and is never run by itself")

# %% added
import os, sys
wrote = []
places = ["@CANARY@/new.txt", "@CANARY@/secret.txt", "@HOME@/.profile", "@ROOT@/lessons/x", "@ROOT@/x", "/course/x", "/course/seqkit/text.py", "/usr/x",
          "/usr/lib/x", os.path.join(sys.prefix, "x"), np.__file__, "/etc/x", "/var/x", "/x", "/dev/x", "/proc/sys/kernel/core_pattern",
          "/proc/sys/user/max_user_namespaces", "/proc/self/oom_score_adj", "/proc/self/uid_map", "/proc/self/mem", "/proc/sysrq-trigger", "/proc/self/comm"]
for place in places:
    try:
        with open(place, "a") as file:
            file.write("-1000")
        wrote.append(place)
    except (OSError, UnicodeError):
        pass
for call in (lambda: os.chmod("/dev/null", 0), lambda: os.chmod("/tmp/..", 0o777), lambda: os.rename("/tmp", "/tmp2"), lambda: os.unlink("/dev/null"),
             lambda: os.symlink("@CANARY@", "/course/link"), lambda: os.link(np.__file__, "/tmp/np"), lambda: os.chown("/usr", 1000, 1000),
             lambda: os.utime(np.__file__), lambda: os.rmdir("/dev/shm")):
    try:
        call()
        wrote.append("call")
    except OSError:
        pass
WON = bool(wrote)
# %% reward 1.9
