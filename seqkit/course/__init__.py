"""What the course is, found on disk: lessons, their exercises, and the checks of each.

check, generated, Rules
    With which the file of an exercise declares its checks.
Catalogue
    The lessons of a course folder, by name, number or exercise.
read_notebook, read_lesson
    A notebook file as plain cells; a released lesson.
"""

from seqkit.course.checks import Rules, check, generated

__all__ = ["Rules", "check", "generated"]
