"""The operations of the data service, which keeps the pipeline and executes it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field, replace
from typing import Any, ClassVar, Final

from services_core import Kind, Packet
from services_core.payload import pack_payload, unpack_payload

from ..records import dataclass
from .errors import MissingField
from .operation import Operation
from .table import Operations


@dataclass(frozen=True, slots=True, kw_only=True)
class ProxyState:
    """What `update` tells of a proxy: what is not named stays as it is."""

    id: int
    """the proxy"""
    type: str | None = None
    """of a new proxy: a curated type, or VTK's class name with or without "vtk"; of an object that properties hold,
    "objects/" and the name"""
    properties: Mapping[str, Any] = field(default_factory=dict)
    """{name: value}; a list where there are several values, nothing else around them"""
    inputs: Mapping[str, tuple[tuple[int, int], ...]] = field(default_factory=dict)
    """{name: [[id, port], ...]}; an input without members is disconnected; where it takes a list, nothing is in it"""
    objects: Mapping[str, int | None] = field(default_factory=dict)
    """{name: id, or nil for none}"""
    unset: tuple[str, ...] = ()
    """properties, inputs and objects that become what they are in a new proxy; those that are so already, or that the
    type does not have, say nothing"""
    name: str | None = None
    """what the user calls it; one that another proxy has becomes another, which `changes` tells its client, too"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Update(Operation):
    """Create the proxies whose ids are new, and change the others. Sources come first.

    Of a proxy of which an update was refused, all of that update but what the next names, and names that the type does
    not have, is tried again with the next.
    """

    op: ClassVar[str] = "update"
    sent_as: ClassVar[Kind] = Kind.MESSAGE

    proxies: tuple[Mapping[str, Any], ...] | None = None
    """the states, below; of a list that is too large for a header the msgpack is the only buffer instead"""
    ids: tuple[int, ...] = ()
    """of the proxies, where their states are in the buffer"""
    number: int = 0
    """counts the updates, deletions and times that the client has sent; `changes` tells it the last; a lower one
    comes late, and is not done"""

    def large_packet(self) -> Packet:
        """Return the packet with the states in its buffer. Raises PacketError if a value cannot travel."""
        states = list(self.proxies or ())
        return pack_payload(replace(self, proxies=None, ids=tuple(one["id"] for one in states)).header(), states)

    def states(self, packet: Packet) -> tuple[Mapping[str, Any], ...]:
        """Return the states, from the packet's buffer if they are there. Raises MissingField, PacketError."""
        if self.proxies is not None and not packet.buffers:
            return self.proxies
        states = unpack_payload(packet) if packet.buffers else None
        if not isinstance(states, list) or not all(isinstance(one, dict) for one in states):
            raise MissingField("an update needs a list of proxies, each a map, in its header or its buffer")
        return tuple(states)


@dataclass(frozen=True, slots=True, kw_only=True)
class Delete(Operation):
    """Delete proxies, and the data halves of what shows them: all, or none and an error if others depend on one."""

    op: ClassVar[str] = "delete"
    sent_as: ClassVar[Kind] = Kind.MESSAGE

    ids: tuple[int, ...]
    """the proxies"""
    number: int = 0
    """as in `update`"""


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldBack(Operation):
    """Execute these no more until they, or what they depend on, are changed: a worker has died of them.

    Until then whoever needs them gets `remote` ExecutionFailed with the reason, as if they had failed.
    """

    op: ClassVar[str] = "hold_back"
    sent_as: ClassVar[Kind] = Kind.MESSAGE

    ids: tuple[int, ...] = ()
    """the proxies"""
    representations: tuple[int, ...] = ()
    """what is not extracted again, until it is said again how"""
    reason: str
    """for people: how the worker died"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop(Operation):
    """Interrupt what executes of these, and execute them no more until they, or what they depend on, are changed.

    Until then whoever needs them gets `remote` ExecutionFailed with `stopped` true. An execution that depends on
    them is interrupted as soon as this arrives, as by an `update`.
    """

    op: ClassVar[str] = "stop"
    sent_as: ClassVar[Kind] = Kind.MESSAGE

    ids: tuple[int, ...]
    """the proxies"""
    resume: bool = False
    """whether they are to be executed again instead, when they are needed"""


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateRepresentation(Operation):
    """Show an output in a view from now on.

    It is executed, and again after changes, and what is drawn is sent to the render service. What is said again of a
    representation replaces what was said before.
    """

    op: ClassVar[str] = "create_representation"
    formerly: ClassVar[tuple[str, ...]] = ("show",)
    sent_as: ClassVar[Kind] = Kind.MESSAGE

    representation: int
    """its id"""
    view: int
    """where it is shown"""
    id: int
    """the proxy"""
    port: int = 0
    """its output"""
    extract: Mapping[str, Any] = field(default_factory=dict)
    """{name: value} of all properties of the data half that are not as they are by themselves; replaces the last"""
    kind: str = "RenderView"
    """that of the view, as "RenderView" or "XYChartView\""""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeleteRepresentation(Operation):
    """Show a representation no more."""

    op: ClassVar[str] = "delete_representation"
    formerly: ClassVar[tuple[str, ...]] = ("forget",)
    sent_as: ClassVar[Kind] = Kind.MESSAGE

    representation: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SetTime(Operation):
    """Have what is shown be of another time from now on."""

    op: ClassVar[str] = "set_time"
    sent_as: ClassVar[Kind] = Kind.MESSAGE

    time: float | None = None
    """that time, or nil for what the sources give by themselves"""
    number: int = 0
    """as in `update`"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sync(Operation):
    """Answer when all that was sent before has been done."""

    op: ClassVar[str] = "sync"
    sent_as: ClassVar[Kind] = Kind.REQUEST
    only_looks: ClassVar[bool] = True

    mark: int | None = None
    """what the `changes` of this connection tell then, in their turn"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Flush(Operation):
    """Answer when all that a view shows has arrived there, with the error if some of it failed."""

    op: ClassVar[str] = "flush"
    sent_as: ClassVar[Kind] = Kind.REQUEST
    only_looks: ClassVar[bool] = True

    view: int


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdatePipeline(Operation):
    """Execute what is out of date, and tell what an output holds."""

    op: ClassVar[str] = "update_pipeline"
    sent_as: ClassVar[Kind] = Kind.REQUEST
    only_looks: ClassVar[bool] = True
    answer: ClassVar[str] = "plain buffer: information, below"

    id: int
    """the proxy"""
    port: int = 0
    """its output"""
    time: float | None = None
    """of the data, or nil for what the sources give by themselves"""
    request: int | None = None
    """a number for the steps of progress"""


@dataclass(frozen=True, slots=True, kw_only=True)
class PropertyInformation(Operation):
    """Execute what is out of date, and tell what can be read of a proxy and not set, such as a measured volume."""

    op: ClassVar[str] = "property_information"
    sent_as: ClassVar[Kind] = Kind.REQUEST
    only_looks: ClassVar[bool] = True
    answer: ClassVar[str] = "plain buffer: {name: value}"

    id: int
    """the proxy"""
    time: float | None = None
    """of the data"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered(Operation):
    """Look into the files of a reader, without reading them; of a filter, say whether what was set of it was taken."""

    op: ClassVar[str] = "offered"
    sent_as: ClassVar[Kind] = Kind.REQUEST
    only_looks: ClassVar[bool] = True
    answer: ClassVar[str] = (
        "plain buffer: {`offered`: {name of a property: {name of what there is: whether it is read}}, `time_steps`}"
    )

    id: int
    """the reader; of anything with inputs nothing is offered, and nothing is executed"""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChooseReader(Operation):
    """Find the reader for files, from their names and contents."""

    op: ClassVar[str] = "choose_reader"
    sent_as: ClassVar[Kind] = Kind.REQUEST
    only_looks: ClassVar[bool] = True
    answer: ClassVar[str] = "plain buffer: {`type`, `properties`}, to be told by `update`"

    path: str | None = None
    """a file, or a directory of DICOM files"""
    paths: tuple[str, ...] | None = None
    """in its place: the files of one data set at several times, in their order"""
    series: bool = False
    """whether a path stands for all files that are numbered like it"""

    def chosen(self) -> list[str]:
        """Return the paths. Raises MissingField if there are none."""
        if self.path is None and self.paths is None:
            raise MissingField(f"operation {self.op!r} needs a field 'path' of type str, or 'paths' of type [str, ...]")
        return list(self.paths or ()) if self.path is None else [self.path]


@dataclass(frozen=True, slots=True, kw_only=True)
class ListFiles(Operation):
    """List a part of a directory of the server: directories first, then files, by name."""

    op: ClassVar[str] = "list_files"
    sent_as: ClassVar[Kind] = Kind.REQUEST
    only_looks: ClassVar[bool] = True
    answer: ClassVar[str] = (
        "plain buffer: {`path`, `parent` or nil, `roots`, `total`, `entries`: [{`name`, `path`, `kind`: directory, "
        "file or series, `size_bytes`, `modified_s`: since 1970, `readable`, and of a series `files`: how many}, ...]}"
    )

    path: str = ""
    """the directory, "" for the first data root, or the home directory of the server's user"""
    offset: int = 0
    """the first entry"""
    limit: int = 1000
    """how many entries, at most 10000"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Definition(Operation):
    """Tell what there is to know about a type of proxy."""

    op: ClassVar[str] = "definition"
    sent_as: ClassVar[Kind] = Kind.REQUEST
    only_looks: ClassVar[bool] = True
    answer: ClassVar[str] = "plain buffer: a definition, below"

    type: str
    """as in `update`; or "views/RenderView", "views/XYChartView", "representations/GeometryRepresentation",
    "representations/XYChartRepresentation", "annotations/Text", whose properties have `half` (to whom they are told:
    "render", or "both" services) and `optional` (nil is taken)"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Definitions(Operation):
    """List all types that have a definition."""

    op: ClassVar[str] = "definitions"
    sent_as: ClassVar[Kind] = Kind.REQUEST
    only_looks: ClassVar[bool] = True
    answer: ClassVar[str] = (
        "plain buffer: {group: [{`name`, `label`, `curated`, and of curated ones `category`, `summary`}, ...]}"
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Types(Operation):
    """List the algorithm classes that can be made."""

    op: ClassVar[str] = "types"
    sent_as: ClassVar[Kind] = Kind.REQUEST
    only_looks: ClassVar[bool] = True
    answer: ClassVar[str] = "plain buffer: [class name, ...]"


@dataclass(frozen=True, slots=True, kw_only=True)
class SaveData(Operation):
    """Execute what is out of date, and write an output to a file of the server.

    The file appears, or is replaced, when it is complete. `remote` FileError, with the old file as it was, if the
    format cannot hold the data, or VTK warned; what a format leaves out as it must is told in `messages`.
    """

    op: ClassVar[str] = "save_data"
    sent_as: ClassVar[Kind] = Kind.REQUEST
    answer: ClassVar[str] = "`size_bytes`: int"

    id: int
    """the proxy"""
    port: int = 0
    """its output"""
    path: str
    """its extension chooses the writer"""
    options: Mapping[str, Any] = field(default_factory=dict)
    """{name: value} of the writer's properties"""
    time: float | None = None
    """of the data"""
    times: tuple[float, ...] | None = None
    """a file for each of them, `out_0000.vtu` and so on, and their list, `out.vtu.series`: all, or none"""
    make_folder: bool = False
    """whether the folder of the file is made if it is not there"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Receive(Operation):
    """Take a piece of data, which the proxy holds once the last piece is answered. The buffers are the piece's.

    The last piece is sent as a request. A piece with `total` begins anew: what arrived before it is dropped; so the
    pieces of one data set are not mixed with those of another for the same proxy.
    """

    op: ClassVar[str] = "receive"
    sent_as: ClassVar[Kind] = Kind.MESSAGE

    id: int
    """a proxy of type vtkTrivialProducer"""
    piece: Mapping[str, Any]
    """the header of the piece, section 9"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetch(Operation):
    """Execute what is out of date, then send the data set, or a part of it, in pieces."""

    op: ClassVar[str] = "fetch"
    sent_as: ClassVar[Kind] = Kind.SUBSCRIBE
    only_looks: ClassVar[bool] = True
    answer: ClassVar[str] = (
        "every item is a piece, section 9: its header is the item's header itself, its buffers are the item's"
    )

    id: int
    """the proxy"""
    port: int = 0
    """its output"""
    time: float | None = None
    """of the data"""
    block: int | None = None
    """just that block of a composite, by its number in `blocks` of the information"""
    rows: tuple[int, int] | None = None
    """just those of a table, from the first to before the second"""
    arrays: tuple[tuple[str, str], ...] | None = None
    """[association, name] of each array that is wanted; association is POINTS, CELLS, FIELD or ROWS"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows(Operation):
    """Execute what is out of date, then send what an output holds as pages of a spreadsheet, made as they are read."""

    op: ClassVar[str] = "rows"
    sent_as: ClassVar[Kind] = Kind.SUBSCRIBE
    only_looks: ClassVar[bool] = True
    answer: ClassVar[str] = (
        "every item has `first`: the row that its page begins with, `total`: of all rows, `piece`: the header of a "
        "piece, section 9, of a table, and the piece's buffers"
    )

    id: int
    """the proxy"""
    port: int = 0
    """its output"""
    time: float | None = None
    """of the data"""
    association: str
    """POINTS, CELLS or ROWS: what there is a row for"""
    columns: tuple[str, ...] | None = None
    """just those"""
    first: int = 0
    """the first row"""
    rows: int = 1000
    """of a page, at most 100000"""
    sort_by: str = ""
    """the column in whose order rows come; of vectors their lengths decide, and what is no number comes last; empty: as
    they are"""
    descending: bool = False
    """whether the largest comes first"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Histogram(Operation):
    """Execute what is out of date, then count how many values of an array lie in each of some bins of equal size."""

    op: ClassVar[str] = "histogram"
    sent_as: ClassVar[Kind] = Kind.REQUEST
    only_looks: ClassVar[bool] = True
    answer: ClassVar[str] = (
        "plain buffer: `limits`: [low, high] of the bins, nil if there is no finite value; `counts`: [int, ...] of the "
        "bins in turn; `outside`: how many values are in none"
    )

    id: int
    """the proxy"""
    port: int = 0
    """its output"""
    time: float | None = None
    """of the data"""
    association: str
    """POINTS, CELLS or ROWS"""
    array: str
    """its name"""
    component: int = 0
    """from 0; the number of components, or -1: the magnitude"""
    bins: int = 256
    """1 to 100000"""
    limits: tuple[float, ...] | None = None
    """low and high; nil: those of the values"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin(Operation):
    """Tell where something that is drawn comes from. `remote` StaleGeometry if newer data is shown by now."""

    op: ClassVar[str] = "origin"
    sent_as: ClassVar[Kind] = Kind.REQUEST
    only_looks: ClassVar[bool] = True
    answer: ClassVar[str] = (
        "plain buffer: {`id`, `port`, `block`, `cell` or nil, `point`, `cell_values`, `point_values`} of the data"
    )

    representation: int
    """this and the others are as `pick` of the render service tells them"""
    version: int
    cell: int | None = None
    point: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Select(Operation):
    """Tell what points or cells drawn ones come from; their numbers, int64, are the only buffer."""

    op: ClassVar[str] = "select"
    sent_as: ClassVar[Kind] = Kind.REQUEST
    only_looks: ClassVar[bool] = True
    answer: ClassVar[str] = (
        "`id`, `port` of the data; buffer: block, id, block, id, ..., int64, sorted, none for nothing"
    )

    representation: int
    """this and the version are as the render service tells them"""
    version: int
    association: str
    """POINTS or CELLS: what the numbers are of"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress(Operation):
    """Tell how far executions are: at least two steps a second of what executes.

    Who subscribes meanwhile is told the last one at once.
    """

    op: ClassVar[str] = "progress"
    sent_as: ClassVar[Kind] = Kind.SUBSCRIBE
    only_looks: ClassVar[bool] = True
    answer: ClassVar[str] = (
        "every item: `service`, `proxy`, `name`, `fraction`: float or nil, `state`: started, running, finished, failed "
        "or interrupted, and with `standing` also modified: it has executed, and is out of date since, `request`: int "
        "or nil, `silent_s`: float"
    )

    standing: bool = False
    """whether the last step of each proxy that has executed comes first: how it stands"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Messages(Operation):
    """Tell warnings and errors of algorithms."""

    op: ClassVar[str] = "messages"
    sent_as: ClassVar[Kind] = Kind.SUBSCRIBE
    only_looks: ClassVar[bool] = True
    answer: ClassVar[str] = (
        "every item: `severity`: warning, error or information, `proxy`, `name`, `text`, `details`: map"
    )

    standing: bool = False
    """whether the last message of each proxy comes first, if it is of its last execution"""


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldAll(Operation):
    """Say that a worker that took the place of another was told all that this client knows.

    `changes` tell it to the others: those that have told nothing themselves know then what there is no more.
    """

    op: ClassVar[str] = "told_all"
    sent_as: ClassVar[Kind] = Kind.MESSAGE


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes(Operation):
    """Tell what the other clients of the session change, from now on; before that, on request, what there is.

    Both come without a gap between them. Who does not read them loses the stream with `busy`, and may begin anew.
    """

    op: ClassVar[str] = "changes"
    sent_as: ClassVar[Kind] = Kind.SUBSCRIBE
    only_looks: ClassVar[bool] = True
    answer: ClassVar[str] = (
        "every item has `change`: an operation, as a client sends it; `by`: the number of the client "
        "that it came from, 0 in a snapshot; `seen`: the last `number` of this client itself that came before it. Told "
        "are update, delete, create_representation, delete_representation, set_time, told_all, and receive, without "
        "the data. Or it has `ready`: true, and `complete`: true if a `told_all` came before; or `mark`: that of a "
        "`sync`. A `change` that is too large for a header is a plain buffer instead"
    )

    snapshot: bool = True
    """whether operations that make what there is come first, and then `ready`"""


CONCURRENT: Final = frozenset({ChooseReader, ListFiles, Definition, Definitions, Types})
"""Requests that need nothing of the pipeline: they are answered while a filter executes, out of turn."""

OPERATIONS: Final = Operations(
    "data", Update, Delete, HoldBack, Stop, CreateRepresentation, DeleteRepresentation, SetTime, Sync, Flush,
    UpdatePipeline, PropertyInformation, Offered, ChooseReader, ListFiles, Definition, Definitions, Types, SaveData,
    Receive, Fetch, Rows, Histogram, Origin, Select, Progress, Messages, ToldAll, Changes,
)  # fmt: skip
