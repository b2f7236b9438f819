"""What runs in the sandbox, beside the learner's code; nothing it says is trusted.

These are the only modules of the grader that the sandbox sees. They import nothing outside this
folder but :mod:`seqkit.limits`. Of them the trusted side imports ``wire`` and ``source``;
:mod:`seqkit.lab` the worker too, in the learner's own kernel.

wire
    Plain data as bytes and back, trusting nothing about the bytes.
worker, source
    Runs cells, calls functions, hands back plain data; cells read as text.
zygote, server
    The warm parent that forks for each submission; the loop of a fork.
fixtures
    Modules that a check builds there, to see what an answer does with them.
settings
    What a notebook may set in its libraries; a check reckons without.
confine, usage
    Shuts a fork in; says what it uses.
"""
