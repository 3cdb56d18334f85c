"""The client's model of a server: sessions, proxies, views, streams. Local calls return at once; others are awaited."""

from services_core import (
    Closed,
    ConfigurationError,
    ConnectionFailed,
    ConnectionLost,
    DeadlineExceeded,
    RemoteError,
    RequestCancelled,
    ServiceCrashed,
    ServicesError,
    VersionMismatch,
)

from .connection import connect
from .datasets import DataSet
from .definitions import TypeSummary
from .domains import Domain
from .execution import Execution
from .images import Image
from .information import ArrayInformation, DataInformation
from .picking import Picked, Selected
from .proxy import ObjectProxy, OutputPort, SourceProxy
from .proxy_manager import PipelineNode, ProxyManager
from .representation import RepresentationProxy
from .session import Session
from .spreadsheet import Rows
from .state_file import StateError
from .streams import Message, ProgressStep
from .undo import UndoStack
from .views import RenderViewProxy

__all__ = [
    "ArrayInformation",
    "Closed",
    "ConfigurationError",
    "ConnectionFailed",
    "ConnectionLost",
    "DataInformation",
    "DataSet",
    "DeadlineExceeded",
    "Domain",
    "Execution",
    "Image",
    "Message",
    "ObjectProxy",
    "OutputPort",
    "Picked",
    "PipelineNode",
    "ProgressStep",
    "ProxyManager",
    "RemoteError",
    "RenderViewProxy",
    "RepresentationProxy",
    "RequestCancelled",
    "Rows",
    "Selected",
    "ServiceCrashed",
    "ServicesError",
    "Session",
    "SourceProxy",
    "StateError",
    "TypeSummary",
    "UndoStack",
    "VersionMismatch",
    "connect",
]
