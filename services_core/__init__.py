"""The messaging contract: packets, backends, conversations, services and endpoints. No call here blocks on a peer."""

from ._version import __version__
from .backend import Backend, Channel, ChannelReceiver, Listener
from .client.endpoint import ServiceEndpoint
from .client.mailbox import loop_event
from .client.reply import Reply
from .client.subscription import Subscription
from .engine import SHUTTING_DOWN, ServicesEngine
from .errors import (
    Busy,
    Closed,
    ConfigurationError,
    ConnectionFailed,
    ConnectionLost,
    DeadlineExceeded,
    PacketError,
    ProtocolViolation,
    Refused,
    RemoteError,
    RequestCancelled,
    RequestError,
    ServiceCrashed,
    ServicesError,
    SlowConsumer,
    VersionMismatch,
)
from .hosting.incoming import Incoming, StreamWriter
from .hosting.link import ClientLink
from .hosting.service import Service
from .packet import Packet, give
from .protocol.limits import DEFAULT_LIMITS, INLINE_BYTES, KiB, Limits, MiB
from .protocol.messages import PROTOCOL_VERSION, Kind, Message, goodbye
from .registry import backend_class, backend_name, known_backends
from .suggestions import suggest

__all__ = [
    "DEFAULT_LIMITS",
    "INLINE_BYTES",
    "PROTOCOL_VERSION",
    "SHUTTING_DOWN",
    "Backend",
    "Busy",
    "Channel",
    "ChannelReceiver",
    "ClientLink",
    "Closed",
    "ConfigurationError",
    "ConnectionFailed",
    "ConnectionLost",
    "DeadlineExceeded",
    "Incoming",
    "KiB",
    "Kind",
    "Limits",
    "Listener",
    "Message",
    "MiB",
    "Packet",
    "PacketError",
    "ProtocolViolation",
    "Refused",
    "RemoteError",
    "Reply",
    "RequestCancelled",
    "RequestError",
    "Service",
    "ServiceCrashed",
    "ServiceEndpoint",
    "ServicesEngine",
    "ServicesError",
    "SlowConsumer",
    "StreamWriter",
    "Subscription",
    "VersionMismatch",
    "__version__",
    "backend_class",
    "backend_name",
    "give",
    "goodbye",
    "known_backends",
    "loop_event",
    "suggest",
]
