"""The messaging contract: packets, backends, conversations, services and endpoints. No call here blocks on a peer."""

from typing import TYPE_CHECKING

from ._version import __version__
from .backend import Backend, Channel, ChannelReceiver, Listener
from .client.endpoint import ServiceEndpoint
from .client.mailbox import in_loop, loop_event
from .client.reply import Reply
from .client.subscription import Subscription
from .connection_state import ConnectionState
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
from .hosting.budget import Budget
from .hosting.incoming_call import IncomingCall, ServiceClient
from .hosting.server_connection import ServerConnection
from .hosting.service import Service, current_call
from .hosting.stream_writer import StreamWriter
from .keys import KEY_BYTES, KeyPair, Keys
from .limited_log import LimitedLog, LogsByAddress
from .limits import DEFAULT_LIMITS, INLINE_BYTES, KiB, Limits, MiB
from .old_names import old_modules, old_names
from .packet import Packet, share
from .protocol.codec import Frame, decode_all, encode_next, first_frame_limit
from .protocol.messages import PROTOCOL_VERSION, Kind, Message, goodbye
from .registry import (
    backend_class,
    backend_name,
    check_address,
    is_exposed,
    known_backends,
    public_url,
    split_url,
    try_to_make,
)
from .suggestions import suggest

__all__ = [
    "DEFAULT_LIMITS",
    "INLINE_BYTES",
    "KEY_BYTES",
    "PROTOCOL_VERSION",
    "SHUTTING_DOWN",
    "Backend",
    "Budget",
    "Busy",
    "Channel",
    "ChannelReceiver",
    "Closed",
    "ConfigurationError",
    "ConnectionFailed",
    "ConnectionLost",
    "ConnectionState",
    "DeadlineExceeded",
    "Frame",
    "IncomingCall",
    "KeyPair",
    "Keys",
    "KiB",
    "Kind",
    "LimitedLog",
    "Limits",
    "Listener",
    "LogsByAddress",
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
    "ServerConnection",
    "Service",
    "ServiceClient",
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
    "check_address",
    "current_call",
    "decode_all",
    "encode_next",
    "first_frame_limit",
    "goodbye",
    "in_loop",
    "is_exposed",
    "known_backends",
    "loop_event",
    "public_url",
    "share",
    "split_url",
    "suggest",
    "try_to_make",
]

if not TYPE_CHECKING:  # a type checker is to refuse them, with all other names that are not there
    __getattr__ = old_names(__name__, {"ClientLink": "ServerConnection", "Incoming": "IncomingCall", "give": "share"})
    old_modules(
        __name__,
        {
            "endpoint": "services_core.client.endpoint",
            "messages": "services_core.protocol.messages",
            "reply": "services_core.client.reply",
            "service": "services_core.hosting.service",
            "subscription": "services_core.client.subscription",
        },
    )
