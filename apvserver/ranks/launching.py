"""Starting the ranks of a session by an MPI launcher, and which of them it says has died."""

from __future__ import annotations

import re
import shlex
import shutil
import sys
import threading
from collections import deque
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO, Final

from async_paraview.records import dataclass
from services_core import ConfigurationError

TOLD: Final = "APV_RANK_TOLD"
"""The variable by which ranks but the first, which have no standard input, are told what the first is told there."""

ON_ONE_MACHINE: Final = {"UCX_TLS": "self,posix", "UCX_POSIX_USE_PROC_LINK": "n"}
"""Of MPICH's library for what is below: see `variables_of_ranks`."""

MOST_LINES: Final = 200
READ_S: Final = 2.0

_TERMINATION: Final = re.compile(r"PID (\d+) RUNNING AT (\S+)\s.*?EXIT CODE: (\d+)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class LostRank:
    """A rank that has ended while others needed it."""

    rank: int
    pid: int
    host: str
    code: int
    """Its exit code, negative for a signal."""


def launcher(ranks: int, command: str = "") -> list[str]:
    """Return the words before a program's own by which so many processes of it are started.

    `command` is what the user wants in place of mpiexec, such as "srun --mpi=pmi2 -n {ranks}". Raises
    ConfigurationError.
    """
    if command:
        words = shlex.split(command)
        if not words:
            raise ConfigurationError(f"--mpiexec is {command!r}: a command is needed, such as 'srun -n {{ranks}}'")
        named = any("{ranks}" in word for word in words)
        return [word.replace("{ranks}", str(ranks)) for word in words] + ([] if named else ["-n", str(ranks)])
    found = shutil.which("mpiexec", path=str(Path(sys.executable).parent)) or shutil.which("mpiexec")
    if found is None:
        raise ConfigurationError(
            f"{ranks} ranks are wanted, and there is no mpiexec, beside {sys.executable} or in PATH; "
            "pip install 'async-paraview[mpi]', or name another launcher by --mpiexec"
        )
    return [found, "-n", str(ranks)]


def variables_of_ranks(told: str, command: str, here: Mapping[str, str]) -> dict[str, str]:
    """Return the variables that ranks get: what they are told, and how they reach each other on one machine.

    That is by shared memory with a name, alone: nothing is listened to, and ranks that are confined reach it. With a
    `command` of the user's own they may be anywhere. Variables that the user has set are left as they are.
    """
    alone = {} if command else {name: value for name, value in ON_ONE_MACHINE.items() if name not in here}
    return {TOLD: told, **alone}


def rank_that_died(output: str, ranks: Sequence[tuple[int, str]]) -> LostRank | None:
    """Return the rank that made a launcher end all, from what that has written; None if it names none of them.

    `ranks` are the process and the host of each.
    """
    said = _TERMINATION.search(output)
    if said is None:
        return None
    pid, host, code = int(said[1]), said[2], int(said[3])
    number = next((rank for rank, (one, _) in enumerate(ranks) if one == pid), None)
    if number is None:
        return None
    return LostRank(number, pid, host, -code if 0 < code < 65 and "(signal " in output else code)


class LastLines:
    """Reads what a launcher writes, on a thread, and keeps the last of it. What ranks print is not there."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self._lines: deque[str] = deque(maxlen=MOST_LINES)
        self._thread = threading.Thread(target=self._read, name="launcher-output", daemon=True)
        self._thread.start()

    def text(self) -> str:
        """Return the last lines, once the launcher has ended."""
        self._thread.join(READ_S)
        return "".join(self._lines)

    def _read(self) -> None:
        with self._stream:
            for line in self._stream:
                self._lines.append(line.decode(errors="replace"))
