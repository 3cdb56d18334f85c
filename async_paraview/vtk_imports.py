"""VTK is imported by one thread at a time.

Its modules import each other in circles, and count what is being loaded in one place. Of two threads that begin at once
one can get a `_DeadlockError` or an IndexError, or find a module half made, and go on without it.
"""

from __future__ import annotations

import threading
from typing import Final

one_at_a_time: Final = threading.RLock()
"""Held by whoever may be the first to import VTK: threads of services, and a client's calls that make data of VTK."""
