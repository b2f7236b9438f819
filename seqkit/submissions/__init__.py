"""What a class handed in: found, told whose it is, and read into cells to run.

collect
    Files, folders and archives: whose each submission is, and which counts.
reading
    One notebook beside the lesson that it answers: the cells to run, in order.
"""
