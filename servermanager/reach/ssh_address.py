"""From an ssh:// URL to the commands that start a server there and lead to it. No I/O."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final
from urllib.parse import parse_qsl, unquote, urlsplit

from async_paraview.records import dataclass
from services_core import ConfigurationError

SCHEME: Final = "ssh://"
SERVER: Final = "apvserver"
LOOKS_LIKE: Final = "it looks like ssh://user@host, ssh://host:2222 or ssh://host?command=/opt/apv/bin/apvserver"

_NAME: Final = re.compile(r"[A-Za-z0-9_.:][A-Za-z0-9_.:%-]*", re.ASCII)
"""A host, also by number, or a user: nothing that begins as an option does, or that a shell would read."""

_COMMAND: Final = re.compile(r"(?=.*\S)[^\0-\x1f\x7f]+")
_PORT: Final = re.compile(r":\d*$")

OPTIONS: Final = (
    "-T",  # no terminal over there: standard input is how the server learns of our end
    "-a", "-x",  # nothing else of this machine is lent to that one
    "-o", "ControlPersist=no",
    "-o", "ServerAliveInterval=15",
    "-o", "ServerAliveCountMax=3",
)  # fmt: skip

_PASSWORD: Final = re.compile(r"ssh://[^/?#@]*:[^/?#]*@")
_MAY_HOLD_A_PASSWORD: Final = re.compile(r"ssh://[^@]*:.*@", re.DOTALL)
"""As above, also of letters that end the user and the host."""


@dataclass(frozen=True, slots=True)
class SshAddress:
    """Where ssh is to go, and what it is to start there."""

    url: str
    host: str
    user: str = ""
    port: int | None = None
    command: str = SERVER
    """What starts a server there, as one types it to a shell; options are added at its end."""

    @property
    def target(self) -> str:
        """The user and the host, as ssh takes them."""
        return f"{self.user}@{self.host}" if self.user else self.host

    def start(self, program: Sequence[str], control: str) -> list[str]:
        """Return the command that starts a server there; other ssh commands join it at the socket `control`."""
        serve = f"{self.command} --server-port 0 --exit-with-stdin --token-file -"
        return [*program, "-M", "-S", control, *OPTIONS, *self._port(), "--", self.target, serve]

    def forward(self, program: Sequence[str], control: str, socket: str, host: str, port: int) -> list[str]:
        """Return the command that has a socket of the file system here lead to a host and port as seen from there."""
        way = f"{socket}:{host}:{port}"
        return [*program, "-S", control, "-O", "forward", "-L", way, *self._port(), "--", self.target]

    def _port(self) -> list[str]:
        return [] if self.port is None else ["-p", str(self.port)]


def ssh_address(url: str) -> SshAddress:
    """Return what a URL says. Raises ConfigurationError, which says what is wrong with it, and repeats no password."""
    if _PASSWORD.match(url):
        raise ConfigurationError(
            "an ssh:// URL holds no password: everybody would see it. ssh asks for it, or takes a key (ssh-copy-id)"
        )
    try:
        return _parsed(url)
    except ValueError as error:
        if _MAY_HOLD_A_PASSWORD.match(url):
            raise ConfigurationError(
                "an ssh:// URL cannot be read, and is not repeated, since it may hold a password, which it should not: "
                f"ssh asks for it; {LOOKS_LIKE}"
            ) from None
        raise ConfigurationError(f"{url!r}{'' if str(error).startswith(' ') else ': '}{error}; {LOOKS_LIKE}") from error


def _parsed(url: str) -> SshAddress:
    """Return what a URL says. Raises ValueError with what is wrong with it, as it goes on after the URL."""
    parts = urlsplit(url)
    port = parts.port
    asked = parse_qsl(parts.query, keep_blank_values=True, strict_parsing=bool(parts.query))
    if unknown := {name for name, _ in asked} - {"command"}:
        raise ValueError(f" says {', '.join(sorted(unknown))}; what can be said is command")
    if len(asked) > 1:
        raise ValueError(" says command twice")
    if parts.path not in ("", "/") or parts.fragment:
        raise ValueError(" goes on after the host")
    # Not parts.hostname, which is in lower case: names in ~/.ssh/config are not.
    host = unquote(_PORT.sub("", parts.netloc.rpartition("@")[2]).removeprefix("[").removesuffix("]"))
    user, command = unquote(parts.username or ""), dict(asked).get("command", SERVER)
    if (
        not _NAME.fullmatch(host)
        or (user and not _NAME.fullmatch(user))
        or not _COMMAND.fullmatch(command)
        or port == 0
    ):
        raise ValueError(" names no host, port, user or command that ssh could take")
    return SshAddress(url, host, user, port, command)
