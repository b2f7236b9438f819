"""What grading leaves, and what others read.

report
    One submission's report, a record with a published schema.
folder
    A results folder: read, written whole, held by one grading at a time.
tables
    The gradebook and summary of a class.
text
    A learner's text made safe to show.
"""
