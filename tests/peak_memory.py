"""How much memory a process has had at the most. Tests that measure it read in a process of its own."""

from __future__ import annotations

import re
import resource
import sys
from pathlib import Path

_STATUS = Path("/proc/self/status")


def peak_megabytes() -> int:
    """The most memory that this process ever had, in MB.

    Linux counts what a process had before it became this program into getrusage's figure, and that is the peak of
    whoever started it (getrusage(2), "ru_maxrss"; execve(2)). Its own status begins anew (proc_pid_status(5), VmHWM).
    """
    if _STATUS.exists() and (found := re.search(r"^VmHWM:\s+(\d+) kB", _STATUS.read_text(), re.MULTILINE)):
        return int(found[1]) // 1024
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak // 1024 // (1024 if sys.platform == "darwin" else 1)
