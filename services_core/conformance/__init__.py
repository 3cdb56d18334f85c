"""The conformance suite: the promises that a backend can break, as functions. It is shipped for authors of backends.

`python -m services_core.conformance --backend module:Class` runs it.
"""

from .checks import (  # noqa: F401, I001  # each adds its checks, and this is their order
    delivery,
    content,
    closing,
    connecting,
    loops,
    threads,
    requests,
    cancelling,
    deadlines,
    failures,
    streams,
    pressure,
    buffers,
    ends,
    lasting,
)
from .processes import (  # noqa: F401  # likewise
    deaths,
    bounds,
)
from .check import CHECKS, Check
from .expect import BrokenPromise
from .runner import Outcome, addresses, applies, run, run_check
from .stage import HOST, PRIVATE

__all__ = [
    "CHECKS",
    "HOST",
    "PRIVATE",
    "BrokenPromise",
    "Check",
    "Outcome",
    "addresses",
    "applies",
    "run",
    "run_check",
]
