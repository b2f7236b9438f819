# tries: TCP, UDP and DNS to the grader's machine and beyond
# exercise: 1.9
# honest: 1.1
raise SystemExit("hostile: this file is text for the sandbox and is never run by itself")

# %% added
import os, socket
reached = []
for host in ("127.0.0.1", "localhost", "::1", "10.0.2.2", "169.254.169.254", "192.0.2.1"):
    for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
        for family in (socket.AF_INET, socket.AF_INET6):
            try:
                talk = socket.socket(family, kind)
                talk.settimeout(0.2)
                talk.connect((host, @TCP@ if kind == socket.SOCK_STREAM else @UDP@))
                talk.send(b"hello from inside")
                reached.append(host)
            except OSError:
                pass
for name in ("example.org", "sandbox"):
    try:
        reached += socket.getaddrinfo(name, 80) if name == "example.org" else []
    except OSError:
        pass
for command in ("curl", "ping", "nslookup"):
    if os.system(f"{command} 127.0.0.1 >/dev/null 2>&1 </dev/null") == 0:
        reached.append(command)
WON = bool(reached)
# %% reward 1.9
