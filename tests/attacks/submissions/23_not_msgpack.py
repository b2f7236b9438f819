# tries: frames of the right length whose insides are noise, extension types, endless maps and nests
# expects: crashed
# honest: 1.7
raise SystemExit("hostile: this file is text for the sandbox and is never run by itself")

# %% pipes

# %% added
import os, struct
def send(body): os.write(ANSWERS, struct.pack(">II", len(body), 0) + body)
# %% added
send(b"\xc7\x00\x05")
# %% added
send(b"\xdf\xff\xff\xff\xff" + b"\x80" * 50)
# %% added
send(b"\x91" * 4000)
# %% added
send(b"\xdd\x7f\xff\xff\xff")
# %% added
send(os.urandom(200))
