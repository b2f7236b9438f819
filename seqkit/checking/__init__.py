"""How an answer is looked at: by checks that see names to call and plain data.

student
    What a check sees of a learner: names to call, and handles.
written
    Calls and values as a learner would write them.
expect, diagnosis
    Comparisons that raise what differs, in a learner's words; the likeliest cause.
laws
    What holds for every exercise, tried on calls that an exercise draws.
drawing, portable
    Inputs that nobody can have listed; functions of a check that travel.
verdict
    One check, run, and what it found.
asks
    How questions reach a learner's process, whoever carries them.
"""
