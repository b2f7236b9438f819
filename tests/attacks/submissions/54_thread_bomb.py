# tries: threads without end
# expects: crashed|partial|timeout
# honest: 1.7
raise SystemExit("hostile: this file is text for the sandbox and is never run by itself")

# %% added
import threading, time
while True:
    threading.Thread(target=time.sleep, args=(1000,), daemon=True).start()
