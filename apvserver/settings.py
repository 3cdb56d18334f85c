"""The settings of a process with sessions: a frozen value, read once from its options and its APV_* variables."""

from __future__ import annotations

import dataclasses
import os
import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from async_paraview.records import dataclass
from services_core import DEFAULT_LIMITS, ConfigurationError

from .memory import read_size

NICENESS: Final = 5
"""A third of the weight of a thread that renders or answers, where both want the same core."""

LOG_LEVELS: Final = ("CRITICAL", "ERROR", "WARNING", "INFO", "DEBUG")
LOG_FORMATS: Final = ("text", "json")
CACHE_OFF: Final = "off"
STREAM_OFF: Final = "off"
KEEP_S: Final = 60
"""Longer than a network is away that comes back by itself, short enough for what a client that died leaves behind."""

MOST_KEEP_S: Final = 7 * 24 * 3600
OPENGL_WAIT_S: Final = 30
"""Half a second on a machine that has nothing else to do; minutes on one that has too much."""

MOST_OPENGL_WAIT_S: Final = 3600
MOST_RANKS: Final = 65_536
MAX_QUEUED: Final = 256 * 1024**2
MAX_TOTAL_QUEUED: Final = 4 * 1024**3
LEAST_SHARE: Final = DEFAULT_LIMITS.window_bytes
"""What one connection may have under way. With less, who sends large data gets Busy, though it waits as it is told to.

64 sessions have it of the total above; who lets in more, and says of no total, lets more wait.
"""

CONFINE: Final = ("auto", "require", "off")
_PATHS: Final = ("data_roots", "write_roots", "definitions")


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What sessions are allowed and given. A server hands it to its workers over their standard input."""

    data_roots: tuple[Path, ...] = ()
    """Clients may name files below these directories only, which are resolved; empty: any file."""
    write_roots: tuple[Path, ...] = ()
    """Files are written below these directories only, which may be read, too. Empty: with data roots none are
    written, without them any."""
    confine: str = "auto"
    """Whether workers are confined to their roots by the kernel: one of CONFINE."""
    max_memory: int | None = None
    """The most bytes of data that each session may hold; None: what there is."""
    max_total_memory: int | None = None
    """The most that all sessions of a server may hold together."""
    stream: int | None = None
    """From so many bytes on data is executed in pieces, one after the other, where that is known to be right; 0: never;
    None: from what a session may hold, or what there is."""
    max_queued: int = MAX_QUEUED
    """The most bytes that may wait in each session: what its clients have sent and was not done, and what they do not
    read. Past it they get `Busy`."""
    max_total_queued: int | None = None
    """The most that may wait in all sessions of a server: each has an equal share of it, if that is less.

    None: MAX_TOTAL_QUEUED, or LEAST_SHARE for each session there is, if that is more.
    """
    definitions: tuple[Path, ...] = ()
    """TOML files with types of proxies; later files win."""
    services: tuple[str, ...] = ()
    """The operator's own services in each session, as module:Class."""
    vtk_threads: int | None = None
    """Threads of VTK's filters; None: as many as there are cores, less that which is left to rendering."""
    vtk_niceness: int = NICENESS
    """How much filters give way to rendering: 0 (not at all) to 19 (they get what nobody else wants)."""
    allow_python: bool = False
    """Whether scripts of clients are executed."""
    cache: str = ""
    """The directory of what was read from VTK's classes; empty: the user's own; "off": none."""
    log_level: str = "WARNING"
    """From which level on workers log."""
    log_format: str = "text"
    """The form of the log: one of LOG_FORMATS."""
    keep_s: int = KEEP_S
    """How long the connection of a client that got lost is kept for it, and its session with it; 0: not at all."""
    ranks: int = 1
    """So many processes have the data of each session in pieces, which MPI connects."""
    mpiexec: str = ""
    """The command by which those are started; empty: mpiexec."""
    opengl_wait_s: int = OPENGL_WAIT_S
    """How long the program may take that finds out how this machine can render."""

    def queued_share(self, sessions: int) -> int:
        """Return how many bytes may wait in each of so many sessions."""
        if self.max_total_queued is None:
            return min(self.max_queued, max(LEAST_SHARE, MAX_TOTAL_QUEUED // max(1, sessions)))
        return min(self.max_queued, self.max_total_queued // max(1, sessions))

    def to_dict(self) -> dict[str, Any]:
        """Return the settings as plain data, for JSON."""
        plain = dataclasses.asdict(self)
        return {**plain, **{name: [str(path) for path in plain[name]] for name in _PATHS}}

    @classmethod
    def from_dict(cls, plain: Mapping[str, Any]) -> Settings:
        """Return the settings that `to_dict` was given."""
        paths = {name: tuple(map(Path, plain[name])) for name in _PATHS}
        return cls(**{**plain, **paths, "services": tuple(plain["services"])})


@dataclass(frozen=True, slots=True)
class Setting:
    """Where the value of a field of `Settings` comes from, and how its text is read."""

    field: str
    variable: str
    option: str
    """Of apvserver; it wins over the variable. Empty: there is none."""
    read: Callable[[str], Any]
    """Makes a value of a text. Raises ValueError, which says what is allowed."""
    separator: str = ""
    """What separates the values in the variable, if there may be several; the option is then repeated."""

    def texts(self, said: str) -> list[str]:
        """Return the texts of the values in what the variable says; empty if it says nothing."""
        return [text for text in (said.split(self.separator) if self.separator else [said]) if text]

    def value(self, source: str, texts: Sequence[str]) -> Any:
        """Return what the texts of an option or variable mean. Raises ConfigurationError."""
        values = []
        for text in texts:
            try:
                values.append(self.read(text))
            except (ValueError, OSError, RuntimeError) as error:
                raise ConfigurationError(f"{source} is {text!r}: {error}") from error
        return tuple(values) if self.separator else values[-1]


def read_settings(
    variables: Mapping[str, str] | None = None, options: Mapping[str, Sequence[str]] | None = None
) -> Settings:
    """Return what options (by field; the texts that were given) and variables say; default: `os.environ`, no options.

    An option wins over its variable. A variable that is empty counts as unset. Raises ConfigurationError, which names
    the option or variable, its value, and what is allowed.
    """
    known = os.environ if variables is None else variables
    found: dict[str, Any] = {}
    for setting in SETTINGS:
        if given := (options or {}).get(setting.field):
            found[setting.field] = setting.value(setting.option, given)
        elif texts := setting.texts(known.get(setting.variable, "")):
            found[setting.field] = setting.value(setting.variable, texts)
    return Settings(**found)


_lock: Final = threading.Lock()
_adopted: Settings | None = None


def adopt(settings: Settings) -> None:
    """Make these the settings of this process, for all of its sessions.

    VTK's threads and the types of proxies are a process's, not a session's; so are the rest.
    """
    global _adopted
    with _lock:
        _adopted = settings


def adopted() -> Settings:
    """Return the settings of this process. Where nobody has adopted any, its variables are read now, once."""
    global _adopted
    found = _adopted
    if found is None:
        with _lock:
            found = _adopted = _adopted or read_settings()
    return found


# --- how texts are read


def _directory(text: str) -> Path:
    path = Path(text).resolve()
    if not path.is_dir():
        raise ValueError(f"{path} is no directory")
    return path


def _file(text: str) -> Path:
    path = Path(text).resolve()
    if not path.is_file():
        raise ValueError(f"{path} is no file")
    return path


def _service(text: str) -> str:
    module, colon, name = text.strip().partition(":")
    if not (module and colon and name):
        raise ValueError("this is not module:Class")
    return text.strip()


def whole_number(least: int, most: int | None, what: str) -> Callable[[str], int]:
    """Return a function that reads such a number; it raises ValueError, which says what is allowed."""
    span = f"from {least} to {most}" if most is not None else f"of at least {least}"

    def read(text: str) -> int:
        number = int(text) if text.strip().isdecimal() else least - 1
        if number < least or (most is not None and number > most):
            raise ValueError(f"{what} is a whole number {span}")
        return number

    return read


def _stream(text: str) -> int:
    return 0 if text == STREAM_OFF else read_size(text)


def _switch(text: str) -> bool:
    if text not in ("0", "1"):
        raise ValueError("1 (yes) or 0 (no) is needed")
    return text == "1"


def _cache(text: str) -> str:
    return CACHE_OFF if text == CACHE_OFF else str(Path(text).absolute())


def _confine(text: str) -> str:
    if text not in CONFINE:
        raise ValueError(f"one of {', '.join(CONFINE)} is needed")
    return text


def _log_format(text: str) -> str:
    if text not in LOG_FORMATS:
        raise ValueError(f"one of {', '.join(LOG_FORMATS)} is needed")
    return text


def _log_level(text: str) -> str:
    if text.upper() not in LOG_LEVELS:
        raise ValueError(f"a level of the log is needed: {', '.join(LOG_LEVELS)}")
    return text.upper()


SETTINGS: Final = (
    Setting("data_roots", "APV_DATA_ROOT", "--data-root", _directory, os.pathsep),
    Setting("write_roots", "APV_WRITE_ROOT", "--write-root", _directory, os.pathsep),
    Setting("confine", "APV_CONFINE", "--confine", _confine),
    Setting("max_memory", "APV_MAX_MEMORY", "--max-memory", read_size),
    Setting("max_total_memory", "APV_MAX_TOTAL_MEMORY", "--max-total-memory", read_size),
    Setting("stream", "APV_STREAM", "--stream", _stream),
    Setting("max_queued", "APV_MAX_QUEUED", "--max-queued", read_size),
    Setting("max_total_queued", "APV_MAX_TOTAL_QUEUED", "--max-total-queued", read_size),
    Setting("definitions", "APV_DEFINITIONS", "--definitions", _file, os.pathsep),
    Setting("services", "APV_SERVICES", "--service", _service, ","),
    Setting("vtk_threads", "APV_VTK_THREADS", "--vtk-threads", whole_number(1, None, "the number of threads")),
    Setting("vtk_niceness", "APV_VTK_NICENESS", "--vtk-niceness", whole_number(0, 19, "the niceness")),
    Setting("allow_python", "APV_ALLOW_PYTHON", "--allow-python", _switch),
    Setting("cache", "APV_CACHE_DIR", "", _cache),
    Setting("log_level", "APV_LOG", "", _log_level),
    Setting("log_format", "APV_LOG_FORMAT", "--log-format", _log_format),
    Setting("keep_s", "APV_KEEP", "--keep", whole_number(0, MOST_KEEP_S, "a time in seconds")),
    Setting("ranks", "APV_RANKS", "--ranks", whole_number(1, MOST_RANKS, "the number of ranks")),
    Setting("mpiexec", "APV_MPIEXEC", "--mpiexec", str),
    Setting("opengl_wait_s", "APV_OPENGL_WAIT", "", whole_number(1, MOST_OPENGL_WAIT_S, "a time in seconds")),
)
"""A line for each field of `Settings`."""
