"""The walls around submissions, seen from outside.

parent
    ``Sandbox``: a warm parent behind bubblewrap, which gives each submission a process.
bubblewrap
    What is there inside, and whether this system allows it.
channel
    Asks one submission's process, as long as it behaves.
"""
