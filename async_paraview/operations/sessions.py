"""The operations of the sessions service, which every client of a server talks to first."""

from __future__ import annotations

from typing import ClassVar, Final

from services_core import Kind

from ..records import dataclass
from .operation import Operation
from .table import Operations

_ABOUT: Final = "`version`, `backend`, `python`, `host`: texts about the server"
_COUNTS: Final = (
    "`requests`: those that were answered, `request_s`: seconds that they took together, `received_bytes`, `sent_bytes`"
)
_JOINED: Final = (
    '`session`: the token that connections to its services name, `services`: ["data", "render", ...], `client`: the '
    'number of this client in the session, `role`: "owner", "editor" or "viewer", `ids`: [first, last], the ids that '
    f"it may give to what it makes, {_ABOUT}"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Open(Operation):
    """Begin a session, whose owner this client is. It lives as long as an owner or editor is there.

    Its token also lets others join it as owners. The answer comes when the session has begun: few begin at a time, the
    others wait in a line (`line`). `remote` Refused if there are as many sessions as there may be, unless the client
    waits for one, too; or if a thousand wait.
    """

    op: ClassVar[str] = "open"
    sent_as: ClassVar[Kind] = Kind.REQUEST
    only_looks: ClassVar[bool] = True
    answer: ClassVar[str] = _JOINED

    wait: bool = False
    """whether to wait, up to the deadline, until another session has ended, if there are as many as there may be"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line(Operation):
    """Tell how many clients wait before this one for the session that it asked for by `open`, as that changes.

    The stream ends when none is waited for.
    """

    op: ClassVar[str] = "line"
    sent_as: ClassVar[Kind] = Kind.SUBSCRIBE
    only_looks: ClassVar[bool] = True
    answer: ClassVar[str] = "every item: `ahead`: how many will get their session before it"


@dataclass(frozen=True, slots=True, kw_only=True)
class Join(Operation):
    """Come into a session that there is. Who it is of, and what they may do, the token says.

    `remote` Refused if there is no such session; the answer comes after half a second then, and the eighth wrong token
    ends the connection. A connection that opens or joins several speaks for the last.
    """

    op: ClassVar[str] = "join"
    sent_as: ClassVar[Kind] = Kind.REQUEST
    only_looks: ClassVar[bool] = True
    answer: ClassVar[str] = _JOINED

    session: str
    """the token of an owner, from `open`, or one from `invite`"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Invite(Operation):
    """Give the token by which others join the session of this connection; always the same. For owners."""

    op: ClassVar[str] = "invite"
    sent_as: ClassVar[Kind] = Kind.REQUEST
    answer: ClassVar[str] = "`session`: the token"

    role: str
    """owner, editor or viewer"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Clients(Operation):
    """Tell who is in the session of this connection, at once and whenever that changes."""

    op: ClassVar[str] = "clients"
    sent_as: ClassVar[Kind] = Kind.SUBSCRIBE
    only_looks: ClassVar[bool] = True
    answer: ClassVar[str] = (
        "every item: `clients`: [{`client`, `role`, `software`: what its HELLO says, `since`: seconds since 1970}, "
        "...], `ends_in_s`: if the server is to end, in how many seconds at the latest"
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class End(Operation):
    """End the session of this connection for all who are in it. For owners."""

    op: ClassVar[str] = "end"
    sent_as: ClassVar[Kind] = Kind.REQUEST


@dataclass(frozen=True, slots=True, kw_only=True)
class Restart(Operation):
    """End the worker process of the session of this connection, and begin another. Not for viewers.

    It has no proxies or views. Connections to the services that are made meanwhile wait for it; a second restart
    meanwhile is the same one. `remote` Refused on threads; ServiceCrashed if it is not ready within 50 s.
    """

    op: ClassVar[str] = "restart"
    sent_as: ClassVar[Kind] = Kind.REQUEST
    answer: ClassVar[str] = "nothing, when it can be connected to"


@dataclass(frozen=True, slots=True, kw_only=True)
class About(Operation):
    """Tell about the server. No session is needed."""

    op: ClassVar[str] = "about"
    sent_as: ClassVar[Kind] = Kind.REQUEST
    only_looks: ClassVar[bool] = True
    answer: ClassVar[str] = _ABOUT


@dataclass(frozen=True, slots=True, kw_only=True)
class Status(Operation):
    """Tell what the server is at. For its operator.

    That is who names, as the server's token in HELLO, the `operator` of its connection file; everybody else is
    `remote` Refused. Times are seconds since 1970 by the server's clock; counts are of all since it began.
    """

    op: ClassVar[str] = "status"
    sent_as: ClassVar[Kind] = Kind.REQUEST
    answer: ClassVar[str] = (
        f"plain buffer {{...}}: {_ABOUT}, `pid`, `since`, `now`, `draining`: bool, `waiting`: clients that wait for a "
        f"session, `waiting_since`: since when the first of them has, or nil, {_COUNTS}, `sessions`: one for "
        "each: {`name`: by which logs know it, no secret, `since`, `away_since`: since when all of its clients are "
        f"away, or nil, {_COUNTS}, `clients`: [{{`client`, `role`, `software`, `since`, `away_since`}}], `pid`: of its "
        "process, `ready`: bool, `memory_bytes`: nil if it is not known, `deaths`: of its workers, `executing`: "
        "[{`what`: for people, `since`}], `queued_bytes`: what clients have sent and was not done, and answers that "
        "they do not read, `may_queue_bytes`: how much of that there may be, `services`: [{`name`, `doing`: an "
        "operation, `since`: nil if it is at nothing, `waiting`: how much has arrived and was not begun}], `seen`: "
        "when what waits and `services` were looked at, nil if never}"
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop(Operation):
    """End the server. For its operator, as `status`.

    It answers, opens no further sessions, tells those who watch `clients`, and ends when the last session has, or
    `drain_s` later. A server that drains already can only be told to end sooner.
    """

    op: ClassVar[str] = "stop"
    sent_as: ClassVar[Kind] = Kind.REQUEST
    answer: ClassVar[str] = "`ends_in_s`: float: in how many seconds it ends at the latest, not counting its own end"

    drain_s: float | None = None
    """for how long sessions may go on; nil: as the server was told when it was started; 0: not at all"""


OPERATIONS: Final = Operations("sessions", Open, Line, Join, Invite, Clients, End, Restart, About, Status, Stop)
