"""What ranks say to each other, over MPI: plain values and raw memory. The only importer of mpi4py.

Nobody waits inside MPI, which would keep a core busy: requests are begun, and looked at between short sleeps.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Sequence
from typing import Any, Final

import numpy as np

from services_core import Packet, ServicesError
from services_core.payload import pack_payload, unpack_payload

_AT_ONCE_S: Final = 0.0003
"""So long the answer is looked for without sleeping: most others are as far already."""
_SHORTEST_S: Final = 0.00005
_LONGEST_S: Final = 0.001
_IDLE_S: Final = 2.0
_LONGEST_IDLE_S: Final = 0.005
"""After so long nobody has waited for an answer: a rank that waits for orders costs next to nothing."""
_BUFFERS: Final = 7
"""The tag of raw memory."""
_SIGNAL: Final = 8
"""The tag of signals."""


def begin_mpi() -> Communicator:
    """Begin MPI in this process, and return all its ranks. Raises ServicesError where that cannot be.

    MPI ends with the process.
    """
    try:
        from mpi4py import MPI
    except ImportError as error:
        raise ServicesError(
            f"several ranks need mpi4py and an MPI library, and {error}; pip install 'async-paraview[mpi]'"
        ) from error
    if MPI.Query_thread() < MPI.THREAD_MULTIPLE:
        raise ServicesError(
            f"this MPI ({MPI.Get_library_version().split(chr(10))[0]}) lets only one thread call it; one with "
            "MPI_THREAD_MULTIPLE is needed, such as MPICH"
        )
    return Communicator(MPI.COMM_WORLD)


class Communicator:
    """All ranks of a session. Every method but `signal` and `heard` is called by all of them, in the same order.

    Values are plain data (see Packet). One thread of each rank uses it; a second one has a `duplicate`.
    """

    def __init__(self, comm: Any) -> None:
        self._comm = comm
        self.rank: int = comm.Get_rank()
        self.size: int = comm.Get_size()
        self._signals: deque[tuple[Any, Any]] = deque()
        """What was signalled and may not have left yet, with its memory."""

    def duplicate(self) -> Communicator:
        """Return one with the same ranks, whose messages are never taken for those of this one."""
        return Communicator(self._comm.Dup())

    def broadcast(self, value: Any = None) -> Any:
        """Return the value that rank 0 gives."""
        packed = _packed(value) if self.rank == 0 else b""
        size = np.array([len(packed)], np.int64)
        self._finish(self._comm.Ibcast(size, root=0))
        memory = np.frombuffer(packed, np.uint8) if self.rank == 0 else np.empty(int(size[0]), np.uint8)
        self._finish(self._comm.Ibcast(memory, root=0))
        return value if self.rank == 0 else _unpacked(memory)

    def gather(self, value: Any) -> list[Any]:
        """Return the values of all ranks, in their order, to rank 0; to others nothing."""
        packed = np.frombuffer(_packed(value), np.uint8)
        sizes = np.zeros(self.size, np.int64)
        self._finish(self._comm.Igather(np.array([len(packed)], np.int64), sizes, root=0))
        if self.rank:
            self._finish(self._comm.Igatherv(packed, None, root=0))
            return []
        memory = np.empty(int(sizes.sum()), np.uint8)
        self._finish(self._comm.Igatherv(packed, (memory, sizes), root=0))
        ends = np.cumsum(sizes)
        return [_unpacked(memory[end - size : end]) for end, size in zip(ends, sizes, strict=True)]

    def send(self, to: int, buffers: Sequence[memoryview]) -> None:
        """Send memory to a rank, which receives it; returns when it may be changed."""
        requests = [self._comm.Isend(np.frombuffer(one, np.uint8), dest=to, tag=_BUFFERS) for one in buffers]
        for request in requests:
            self._finish(request)

    def receive(self, of: int, sizes: Sequence[int]) -> list[memoryview]:
        """Receive memory from a rank: so many bytes in each piece."""
        arrays = [np.empty(size, np.uint8) for size in sizes]
        self.receive_into(of, arrays)
        return [one.data.toreadonly() for one in arrays]

    def receive_into(self, of: int, memory: Sequence[Any]) -> None:
        """Receive memory from a rank into arrays of bytes, each as large as what comes."""
        requests = [self._comm.Irecv(one, source=of, tag=_BUFFERS) for one in memory]
        for request in requests:
            self._finish(request)

    def swap(self, other: int, given: Sequence[memoryview], sizes: Sequence[int]) -> list[memoryview]:
        """Send memory to a rank and receive some of it; both call this."""
        sent = [self._comm.Isend(np.frombuffer(one, np.uint8), dest=other, tag=_BUFFERS) for one in given]
        received = self.receive(other, sizes)
        for request in sent:
            self._finish(request)
        return received

    def signal(self, to: int, number: int, value: float = 0.0) -> None:
        """Send two numbers to a rank, which looks for them now and then. From any thread; never waits."""
        numbers = np.array([number, value], np.float64)
        self._signals.append((self._comm.Isend(numbers, dest=to, tag=_SIGNAL), numbers))
        while self._signals and self._signals[0][0].Test():
            self._signals.popleft()

    def heard(self) -> list[tuple[int, int, float]]:
        """Return what was signalled to this rank since this was called last: the rank, and the two numbers."""
        found = []
        from mpi4py import MPI

        status = MPI.Status()
        while self._comm.Iprobe(source=MPI.ANY_SOURCE, tag=_SIGNAL, status=status):
            numbers = np.zeros(2, np.float64)
            of = status.Get_source()
            self._comm.Recv(numbers, source=of, tag=_SIGNAL)
            found.append((of, int(numbers[0]), float(numbers[1])))
        return found

    def _finish(self, request: Any) -> None:
        wait_until(request.Test)


def wait_until(done: Callable[[], bool]) -> None:
    """Return when it is done: looked at without a pause at first, then between sleeps of up to 1 or 5 ms."""
    until = time.perf_counter() + _AT_ONCE_S
    while not done():
        if time.perf_counter() >= until:
            break
    else:
        return
    sleep_s = _SHORTEST_S
    idle = time.perf_counter() + _IDLE_S
    while not done():
        time.sleep(sleep_s)
        sleep_s = min(_LONGEST_S if time.perf_counter() < idle else _LONGEST_IDLE_S, 1.3 * sleep_s)


def _packed(value: Any) -> bytes:
    return bytes(pack_payload({}, value).buffers[0])


def _unpacked(memory: Any) -> Any:
    return unpack_payload(Packet({}, [memoryview(memory).toreadonly()]))
