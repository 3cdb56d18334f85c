"""The name to import from: `from async_paraview import connect`; and below it what client and server both know.

The names are those of `servermanager`, which is imported when the first of them is asked for: a server that needs the
rooms below this package (data sets, operations, domains) loads nothing of the client.
"""

from importlib import import_module
from typing import Any, Final

_CLIENT: Final = "servermanager"


def __getattr__(name: str) -> Any:
    """Return a public name of the client. Raises `AttributeError` for any other."""
    if not name.startswith("_"):
        client = import_module(_CLIENT)
        if name in client.__all__:
            return getattr(client, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}; public names: dir({__name__})")


def __dir__() -> list[str]:
    """List the public names of the client."""
    return sorted(import_module(_CLIENT).__all__)
