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
from .information import ArrayInformation, DataInformation
from .proxy import OutputPort, SourceProxy
from .session import Session
from .streams import Image, Message, ProgressStep
from .views import RenderViewProxy, RepresentationProxy

__all__ = [
    "ArrayInformation",
    "Closed",
    "ConfigurationError",
    "ConnectionFailed",
    "ConnectionLost",
    "DataInformation",
    "DataSet",
    "DeadlineExceeded",
    "Image",
    "Message",
    "OutputPort",
    "ProgressStep",
    "RemoteError",
    "RenderViewProxy",
    "RepresentationProxy",
    "RequestCancelled",
    "ServiceCrashed",
    "ServicesError",
    "Session",
    "SourceProxy",
    "VersionMismatch",
    "connect",
]
