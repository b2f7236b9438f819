"""What a notebook cell calls, in the learner's own kernel.

Nothing is sent anywhere; a small file beside the notebook remembers what passed. What a call
returns is shown at once, wherever in a cell the call stands.

check
    Look at an answer in this kernel with the lesson's visible checks.
hint, solution
    One hint at a time; the reference answer, in a copy that has it.
progress
    How far you are, and what comes next.
agree
    Compare what several frameworks compute.
"""

from seqkit.lab.agreement import agree
from seqkit.lab.checks import check
from seqkit.lab.frameworks import prepare
from seqkit.lab.hints import hint, solution
from seqkit.lab.record import progress

__all__ = ["agree", "check", "hint", "progress", "solution"]

prepare()
