"""One notebook beside the lesson that it answers: the cells to run, in order.

layout
    ``read_submission(file)``: a ``Submission``, its cells planned; ``lay_out`` of one read before.
matching, answers
    Which lesson it answers, cell by cell; what answers each exercise.
"""
