"""A program that an MPI launcher has started: rank 0 is the program, and the others keep their places until it ends.

Those places are where the ranks of sessions run, which rank 0 has started and ended as sessions come and go.
"""

from __future__ import annotations

import contextlib
import os
import platform
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, Final

from services_core import ServicesError

from .records import dataclass

_RANKS: Final = (("PMI_RANK", "PMI_SIZE"), ("OMPI_COMM_WORLD_RANK", "OMPI_COMM_WORLD_SIZE"))
_OF_LAUNCHERS: Final = ("PMI_", "PMIX_", "HYDI_", "HYDRA_", "MPI_LOCAL", "MPIR_", "OMPI_", "PRTE_")
_LOOK_S: Final = 0.05
_NAME_BYTES: Final = 256


@dataclass(frozen=True, slots=True)
class Place:
    """Which of how many processes of a launcher this is."""

    rank: int
    size: int


def place_of(variables: Mapping[str, str]) -> Place | None:
    """Return the place of a process among those that a launcher has started; None if none has."""
    for rank, size in _RANKS:
        if variables.get(rank, "").isdecimal() and variables.get(size, "").isdecimal():
            return Place(int(variables[rank]), int(variables[size]))
    return None


def without_launcher(variables: Mapping[str, str]) -> dict[str, str]:
    """Return variables without those of the launcher that has started this program: another one is to be run by it."""
    return {name: value for name, value in variables.items() if not name.startswith(_OF_LAUNCHERS)}


class Launched:
    """The processes of this launcher. Made by all of them; raises ServicesError without an MPI library."""

    def __init__(self) -> None:
        if os.environ.get("MPI_LOCALNRANKS") == os.environ.get("PMI_SIZE"):
            os.environ.setdefault("UCX_TLS", "self,sm")  # of one machine: no sockets are needed
        try:
            from mpi4py import MPI
        except ImportError as error:
            raise ServicesError(
                f"this was started by an MPI launcher, which needs mpi4py and an MPI library, and {error}; "
                "pip install 'async-paraview[mpi]'"
            ) from error
        self._world: Any = MPI.COMM_WORLD
        self.rank: int = self._world.Get_rank()
        self.size: int = self._world.Get_size()
        import numpy as np  # late: most programs are started by no launcher

        name = np.zeros(_NAME_BYTES, np.uint8)
        told = platform.node().encode()[:_NAME_BYTES]
        name[: len(told)] = np.frombuffer(told, np.uint8)
        names = np.zeros((self.size, _NAME_BYTES), np.uint8)
        self._world.Allgather(name, names)
        self.hosts: list[str] = [bytes(one).rstrip(b"\0").decode() for one in names]
        """The machine of each rank."""

    @property
    def options(self) -> str:
        """Return what tells a launcher to start as many processes on the same machines; empty if that is this one."""
        if len(set(self.hosts)) == 1:
            return ""
        return f"-hosts {','.join(f'{host}:{count}' for host, count in Counter(self.hosts).items())}"

    def wait(self) -> None:
        """Return when rank 0 has ended. It takes next to no time of a processor."""
        request = self._world.Ibcast(bytearray(1), root=0)
        while not request.Test():
            time.sleep(_LOOK_S)

    def close(self) -> None:
        """Have the other processes end. Called by rank 0, once."""
        self._world.Ibcast(bytearray(1), root=0).Wait()


@contextlib.contextmanager
def launched() -> Iterator[Launched]:
    """Give the processes of this launcher, to all of them; for those but the first, once that has ended.

    Raises ServicesError without an MPI library.
    """
    processes = Launched()
    if processes.rank:
        processes.wait()
        yield processes
        return
    try:
        yield processes
    finally:
        processes.close()
