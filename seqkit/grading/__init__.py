"""A class graded, and nobody's code trusted.

batch
    Every submission gets one report; an interrupted run goes on.
grader, executors
    One submission after another; in several processes.
session, cells, rehearsal
    One submission: which cells run; what its checks ask, all at once.
sandbox
    Processes apart from everything, and the way to ask them.
═══════════════════════════════════════════════════════════════════════
inside
    What runs in the sandbox, beside the learner's code.
"""
