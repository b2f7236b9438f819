# tries: sleeping while another thread reads the questions that the grader sends
# exercise: 1.1
# expects: timeout
# honest: 1.7
raise SystemExit("hostile: this file is text for the sandbox and is never run by itself")

# %% pipes

# %% answer 1.1
import os, threading, time
def task_type(*args, **kwargs):
    threading.Thread(target=os.readv, args=(QUESTIONS, [bytearray(1)]), daemon=True).start()
    time.sleep(1_000_000)
