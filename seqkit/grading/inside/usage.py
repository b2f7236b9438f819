"""Read from /proc what a submission uses, its children with it."""

from __future__ import annotations

import os
from dataclasses import dataclass, field

PAGE = os.sysconf("SC_PAGE_SIZE")
SECOND = os.sysconf("SC_CLK_TCK")


@dataclass
class Usage:
    """What a process and its descendants use together; threads count as processes."""

    cpu: float = 0.0
    resident: int = 0
    tables: int = 0  # bytes of page tables: a page read here and there costs a table each
    processes: int = 0
    busy: bool = False  # some process runs, or would if the machine let it
    pids: list[int] = field(default_factory=list)

    def memory(self) -> int:
        """Return bytes of memory, pages shared with the zygote counted by their share."""
        return self.tables + sum(_kibibytes(pid, "smaps_rollup", b"Pss:") for pid in self.pids)


def _kibibytes(pid: int, file: str, key: bytes) -> int:
    """Return what a line of a process's file in /proc says, in bytes; 0 where there is none."""
    try:
        with open(f"/proc/{pid}/{file}", "rb") as lines:
            for line in lines:
                if line.startswith(key):
                    return int(line.split()[1]) * 1024
    except (OSError, ValueError):
        pass  # it ended
    return 0


def processes_of(roots: list[int]) -> dict[int, Usage]:
    """Return what each root process and its descendants use, from one look at /proc."""
    if not roots or not os.path.isdir("/proc"):
        return {}
    # parent, CPU seconds, bytes, threads, whether it runs
    table: dict[int, tuple[int, float, int, int, bool]] = {}
    for entry in os.listdir("/proc"):
        if not entry.isdecimal():
            continue
        try:
            with open(f"/proc/{entry}/stat", "rb") as file:
                fields = file.read().rpartition(b")")[2].split()
        except OSError:
            continue  # it ended between the two calls
        cpu = sum(map(int, fields[11:15])) / SECOND  # its own and its waited-for children's
        runs = fields[0] == b"R"
        table[int(entry)] = (int(fields[1]), cpu, int(fields[21]) * PAGE, int(fields[17]), runs)
    usage = {root: Usage() for root in roots if root in table}
    for pid, (_, cpu, resident, threads, runs) in table.items():
        root, steps = pid, 0
        while root not in usage and root in table and steps < len(table):
            root, steps = table[root][0], steps + 1
        if root in usage:
            used = usage[root]
            used.cpu += cpu
            used.resident += resident
            used.tables += _kibibytes(pid, "status", b"VmPTE:")
            used.processes += threads
            used.busy |= runs
            used.pids.append(pid)
    return usage
