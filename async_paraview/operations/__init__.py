"""Operations: what a client asks of a service, as frozen values that both sides know; docs/protocol.md, section 8.

Those of the services of a session are in `data` and `render`, those of a server in `sessions`; a service of your own
has its own (docs/services.md).
"""

from .errors import MissingField, OperationError, UnknownOperation, WrongKind
from .layout import layout_of
from .operation import Operation
from .table import Method, Operations, Result

__all__ = [
    "Method",
    "MissingField",
    "Operation",
    "OperationError",
    "Operations",
    "Result",
    "UnknownOperation",
    "WrongKind",
    "layout_of",
]
