"""The errors of the VTK bridge: one root, and below it whose fault it was."""

from collections.abc import Sequence
from typing import Any, TypeVar

Error = TypeVar("Error", bound=Exception)


def afresh(error: Error) -> Error:
    """Return the same error as it was before it was raised: frames of a traceback keep alive what they hold.

    For errors that are remembered: when they are put away, and, so that they stay so, when they are raised again.
    """
    kind, arguments = type(error), error.__reduce__()[1]  # with what is not in `args`, such as the name of a file
    same = kind.__new__(kind, *arguments)
    # What the built-in class makes its text of: to make one like it by its own class takes arguments that are not kept.
    built_in: Any = next(one for one in kind.__mro__ if one.__module__ == "builtins")
    built_in.__init__(same, *arguments)
    same.__dict__.update(error.__dict__)
    return same


class VtkError(Exception):
    """Root of every error raised on purpose by `apvserver.vtk`."""


class UnknownType(VtkError, ValueError):
    """A type name that is not an algorithm class this server can construct."""


class UnknownProperty(VtkError, ValueError):
    """A property name that the class does not have; the message suggests the nearest names.

    `meant` is the nearest of them, if there is one.
    """

    def __init__(self, message: str, meant: str | None = None) -> None:
        self.meant = meant
        super().__init__(message)


class InvalidProperty(VtkError, ValueError):
    """A property value of the wrong type, size or enumeration entry; nothing was applied."""


class PipelineError(VtkError, ValueError):
    """A change of the pipeline that cannot be made: bad port, cycle, dependents, duplicate id."""


class UnknownProxy(PipelineError):
    """An id that names no proxy of this pipeline."""


class ExecutionFailed(VtkError, RuntimeError):
    """An algorithm reported errors; `messages` holds their texts, the first first. `stopped`: a user wanted that."""

    def __init__(self, proxy_id: int, type_name: str, messages: Sequence[str], *, stopped: bool = False) -> None:
        self.proxy_id = proxy_id
        self.type_name = type_name
        self.messages = tuple(messages)
        self.stopped = stopped
        self.details = {"proxy": proxy_id, "type": type_name, "messages": list(self.messages[:20]), "stopped": stopped}
        """What travels to the client with the error."""
        came_out = "was not executed" if stopped else "failed"
        super().__init__(f"{type_name} (proxy {proxy_id}) {came_out}: {'; '.join(dict.fromkeys(self.messages))}")


class ExecutionInterrupted(VtkError):
    """The execution was stopped on request before `proxy_id` was up to date; execute again to finish."""

    def __init__(self, proxy_id: int, type_name: str) -> None:
        self.proxy_id = proxy_id
        self.type_name = type_name
        super().__init__(f"execution was interrupted at {type_name} (proxy {proxy_id})")


class FileError(VtkError, OSError):
    """A file that cannot be read as data: missing, a directory, forbidden, empty or of unknown kind."""


class DefinitionError(VtkError, ValueError):
    """A file of definitions that is wrong; the message names the file, the table and the key."""


class SubsetError(VtkError, ValueError):
    """A part of a data set that does not exist."""


class PictureInterrupted(VtkError):
    """What a picture was to show has changed while it was drawn: nothing comes of it."""
