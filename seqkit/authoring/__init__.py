"""From solutions to lessons, and to what students receive.

release
    ``release(solutions, lessons)``; ``out_of_date``, what differs.
bundle
    ``bundle(root, directory)``: lessons, helpers, data and visible checks.
steps, stub
    What happens to a notebook on the way, in order.
"""
