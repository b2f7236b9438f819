"""One notebook beside the lesson that it answers: the cells to run, in order.

layout
    ``read_submission(file)``: a ``Submission``, its cells planned.
matching, answers
    Which lesson it answers, cell by cell; what answers each exercise.
"""
