# tries: terminal escapes, HTML, scripts, formulas and right-to-left text in messages, names and printed text
# exercise: 1.2 1.3 1.8
# expects: partial
# honest: 1.1
raise SystemExit("hostile: this file is text for the sandbox and is never run by itself")

# %% added
print("\x1b]0;owned\x07\x1b[2J<script>alert(1)</script>")
raise ValueError("\x1b[31m\x9b2J\r\n\u202egnp.exe\u200b<img src=x onerror=alert(1)>=cmd|' /C calc'!A0 [link=file:///etc/passwd]x[/link]")
# %% answer 1.2
def order_gap(*args): raise type("</pre><script>alert(1)</script>", (Exception,), {})("\x1b]8;;http://x\x07click\x1b]8;;\x07\x00")
# %% answer 1.3
def make_windows(*args, **kwargs): return "\x1b[8mhidden", "\u2066<b>"
# %% answer 1.8
def encode_sentences(*args): return np.array([["\x1b[5m\x9b"]]), {"=1+1": "@SUM(A1)", "\x00": "\u202e"}
