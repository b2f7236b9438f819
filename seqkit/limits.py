"""Every limit of the project, with its unit and its reason.

Nothing is imported here and nothing is computed from the machine: the sandbox sees this file too,
and the same limits hold everywhere.
"""

from __future__ import annotations

from dataclasses import dataclass

MiB = 2**20
GiB = 2**30

# ---------------------------------------------------------------- a file that was handed in

NOTEBOOK_BYTES = 20 * MiB  # of one submission: a lesson without outputs has about 100,000
NOTEBOOK_BRACKETS = 1_000_000  # in a file: what a small one can grow to in memory depends on these
NOTEBOOK_CELLS = 5_000  # no lesson has 200
CELL_LINES = 20_000  # of a cell in which names are looked for: the time grows with them
NOTES_OF_A_FILE = 60  # sentences on what was unusual: nobody reads more

# ---------------------------------------------------------------- archives and folders

ARCHIVE_MEMBERS = 20_000  # files in one archive: each becomes an object when it is opened
ARCHIVE_IN_ARCHIVE_BYTES = 100 * MiB  # it is read into memory whole
ARCHIVE_PATH = 1_000  # characters of a path in an archive: no system makes longer ones
UNPACKED_BYTES = 8 * GiB  # all that a file on disk may unpack to: a class of thousands
UNPACKED_FILES = 200_000  # that are looked at in it
UNPACKED_NOTEBOOKS = 20_000  # that are taken from it
INNER_BYTES = 200 * MiB  # what an archive in an archive may take of that: it is one student's
INNER_NOTEBOOKS = 200  # likewise
COMPRESSION_RATIO = 200  # text shrinks to a tenth or so; far more is a trap
FOLDERS_DEEP = 100  # folders in each other: a loop of mounts has no end
STAMP_BYTES = 1_000  # of nbgrader's note on when something was handed in: it is one line
EARLIER_SUBMISSIONS = 2  # of one student and lesson that are graded beside the one that counts

# ---------------------------------------------------------------- what crosses from the sandbox

FRAME_STRUCTURE = 2 * MiB  # bytes of msgpack: at most 2 million nodes to be built
FRAME_BUFFERS = 32 * MiB  # bytes of array data: the weights of a small model
FRAME_DEPTH = 32  # lists in lists: deeper ones end Python's stack
FRAME_EMPTY = 2**16  # rows without a byte, of all arrays of a frame: they cost nothing to send
STRING_ITEM = 4096  # characters in one item of a string array: every item takes as much room
INTEGER_BITS = 8192  # of an integer: its decimal form stays printable
SAME_HASH = 64  # keys of one dict with one hash: more is an attempt to stall the grader
CHUNK = 4096  # items in one msgpack array: bounds what a lying length allocates
CALLBACKS = 10_000  # of the grader's functions in one request: each is a way there and back
CALLBACK_BYTES = 2**18  # of one call-back's arguments: the grader computes with them, every time
COMPARED_ITEMS = 100_000  # of an array that is compared item by item, in Python
NAMED_NUMBERS = 8  # in a message beside those that it has to name: one that lists all names none
SUSPECTS = 3  # causes that a message names: more confuse

# ---------------------------------------------------------------- one submission in the sandbox


@dataclass(frozen=True)
class SubmissionLimits:
    """What one submission may use, all its processes together.

    Parameters
    ----------
    memory : int
        Bytes of memory.
    processes : int
        Processes and threads at one time.
    folder : int
        Bytes in ``/tmp`` and of one file.
    cpu, wall : float, optional
        CPU seconds, and seconds by the clock, for the whole submission, however many processes it
        ends; what it sleeps while it is asked counts as computing. By default what its checks may
        take, see :meth:`time`.
    """

    memory: int = GiB  # Keras takes half of it
    processes: int = 160  # TensorFlow starts some forty threads
    folder: int = 64 * MiB  # it counts as memory of the machine
    cpu: float | None = None
    wall: float | None = None

    def time(self, seconds: float = 0.0) -> tuple[float, float]:
        """Return CPU seconds, and seconds by the clock, for a submission.

        By default each of its checks may take as long as it says, and a busy machine three times.

        Parameters
        ----------
        seconds : float
            CPU seconds that its checks may take, added up.

        Examples
        --------
        >>> SubmissionLimits().time(180 + 180 + 180)
        (840.0, 2520.0)
        """
        cpu = CELLS_SECONDS + seconds
        return self.cpu or cpu, self.wall or WALL_TIMES * cpu


CHECK_SECONDS = 5.0  # CPU seconds that a check's answer may take, unless the check says otherwise
CELL_SECONDS = 15.0  # CPU seconds a cell may take, importing included
CELLS_SECONDS = 300.0  # beside its checks: all cells, which run again after each ending
WALL_TIMES = 3.0  # times its CPU seconds that a submission may take by the clock: machines are busy
MEMORY_OF_A_JOB = 4 * GiB  # bytes of data of one grading process: what is looked at may be large
ENDINGS_OF_AN_EXERCISE = 2  # processes its checks may end before the rest is given up
RESTARTS = 12  # processes one submission may use up

OPEN_FILES = 256  # of one process: TensorFlow opens a hundred
PROCESSES_UNCONFINED = 4096  # of the user, without a sandbox: the kernel counts the user's own too

SUPERVISOR_TICK = 0.05  # seconds between two looks at what is running
SUPERVISOR_SLACK = 40  # processes the kernel's own limit comes before the supervisor's
IDLE_TIMES = 2.0  # times its CPU seconds that a call may sleep while the grader waits
IDLE_EXTRA = 1.0  # seconds beside
HANG_UP_SECONDS = 2.0  # for a process that hung up to end by itself: how is of interest
CLOCK_TIMES = 100.0  # times its CPU seconds that a call is waited for: a busy machine costs nobody
CLOCK_TIMES_WITHOUT_PROC = 3.0  # likewise where there is no /proc to tell waiting from sleeping
CLOCK_EXTRA = 5.0  # seconds beside: a process has to start
FIRST_SECONDS = 60.0  # by the clock for a fresh fork, before it is told what it may take
ENDING_SECONDS = 10.0  # by the clock for the sandbox to say why a process ended
PROBE_SECONDS = 30.0  # by the clock for bubblewrap to be tried: some systems let it hang
START_SECONDS = 120.0  # by the clock for the sandbox to start: TensorFlow on a cold disk
NICER = 5  # how much nicer a submission is than the process that watches it

# ---------------------------------------------------------------- asking many questions at once

EXCHANGE_BYTES = MiB  # of replies in one exchange, in rehearsal
REPLIES_BYTES = 8 * MiB  # of replies that wait for their checks: beyond it no more is asked at once
EXCHANGE_SECONDS = 0.6  # that the checks of one exchange took in rehearsal
EXCHANGE_PATIENCE = 2.0  # CPU seconds an exchange may take at least
EXCHANGE_TIMES = 5.0  # and times those in rehearsal: answers may be slower than the reference
TRACED_ITEMS = 10_000  # of an array that is looked through for what it tells
OUTCOMES_KEPT = 20_000  # of checks, by the replies: a few thousand a lesson

# ---------------------------------------------------------------- what people read

MESSAGE_CHARACTERS = 2_000  # of one message
SOURCE_CHARACTERS = 20_000  # of an answer in a report: the longest of the reference has 2,000
CALL_CHARACTERS = 1_000  # of the call in it: it is pasted more than read
NOTES_OF_A_REPORT = 40  # more than a person reads
SHRINKS = 150  # attempts at a smaller failing case: a count, so that no message depends on speed
FETCH_SECONDS = 30  # without a byte from a server before it counts as absent
