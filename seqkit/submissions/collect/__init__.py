"""Files, folders and archives: whose each submission is, and which counts.

finding
    ``find_submissions(paths)``: every submission of a class, with its student and lesson.
counting
    ``Found``, one submission; which of several of one student counts.
walking, archives, files, items, budget
    What lies where, read in place, within bounds.
owning, naming, slugs
    Whose it is, from how learning systems name things; safe names for files.
"""
