# tries: an endless loop in C that no signal handler interrupts: a regular expression
# expects: timeout
# honest: 1.7
raise SystemExit("hostile: this file is text for the sandbox and is never run by itself")

# %% added
import re, signal
signal.signal(signal.SIGXCPU, signal.SIG_IGN)
re.match(r"(a*)*(a*)*(a*)*b", "a" * 40)
