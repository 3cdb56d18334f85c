"""The operations of the render service, which keeps the views and makes images of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import Any, ClassVar, Final

from services_core import Kind

from ..records import dataclass
from .operation import Operation
from .table import Operations

_IMAGE: Final = "an image, below"
_LETTERS: Final = (
    "`width` and `height` in pixels, `remarks` as of an image, and a buffer: red, green, blue and opacity of each, in "
    "bytes, top row first, or the file"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateView(Operation):
    """Create a view, if its id is new, and set properties of it."""

    op: ClassVar[str] = "update_view"
    sent_as: ClassVar[Kind] = Kind.MESSAGE

    view: int
    kind: str = "RenderView"
    """that of the view, as "RenderView" or "XYChartView\""""
    properties: Mapping[str, Any] = field(default_factory=dict)
    """{name: value}, those of views below; what is not named stays"""
    number: int = 0
    """counts the updates that the client has sent; images tell the last; a lower one comes late, and is not done"""


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateRepresentation(Operation):
    """Create a representation, if its id is new, and set properties of it. The data comes from the data service."""

    op: ClassVar[str] = "update_representation"
    sent_as: ClassVar[Kind] = Kind.MESSAGE

    representation: int
    view: int
    """where it is shown"""
    kind: str = "RenderView"
    """of the view"""
    properties: Mapping[str, Any] = field(default_factory=dict)
    """{name: value}, those of representations below; what is not named stays"""
    number: int = 0
    """counts the updates of it that the client has sent; `changes` tells it the last; a lower one comes late, and is
    not done"""


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateColorMap(Operation):
    """Set properties of a color map or an opacity function, which all representations of that array share."""

    op: ClassVar[str] = "update_color_map"
    sent_as: ClassVar[Kind] = Kind.MESSAGE

    name: str
    """that of the array, or any other that representations ask for by `ColorMap`, `OpacityFunction`"""
    kind: str = "PVLookupTable"
    """"PVLookupTable" or "PiecewiseFunction\""""
    properties: Mapping[str, Any] = field(default_factory=dict)
    """{name: value}, those of color maps below; what is not named stays"""
    number: int = 0
    """counts the updates of it that the client has sent, as in `update_representation`"""


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateShared(Operation):
    """Create something that the programs of a session share, if it is new, and set properties of it.

    The service keeps and tells them: layouts of views, the animation, its tracks, and the palette, in which alone it
    draws; at most 10000. Properties that are too large for a header are a plain buffer instead.
    """

    op: ClassVar[str] = "update_shared"
    sent_as: ClassVar[Kind] = Kind.MESSAGE

    kind: str
    """"ViewLayout", "AnimationScene", "TimeKeeper", "KeyFrameAnimationCue", "CameraAnimationCue", "TimeAnimationCue" or
    "ColorPalette\""""
    name: str = ""
    """by which its client knows it, not used again; empty where there is one of a kind: AnimationScene, TimeKeeper,
    TimeAnimationCue, ColorPalette"""
    properties: Mapping[str, Any] = field(default_factory=dict)
    """{name: value}, those of shared things below; what is not named stays"""
    number: int = 0
    """counts the updates of it that the client has sent, as in `update_representation`"""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeleteShared(Operation):
    """Delete something that the programs of a session share."""

    op: ClassVar[str] = "delete_shared"
    sent_as: ClassVar[Kind] = Kind.MESSAGE

    kind: str
    """as in `update_shared`"""
    name: str
    """as in `update_shared`; not empty"""


@dataclass(frozen=True, slots=True, kw_only=True)
class ColorMap(Operation):
    """Tell what the colors of a color map are now."""

    op: ClassVar[str] = "color_map"
    sent_as: ClassVar[Kind] = Kind.REQUEST
    only_looks: ClassVar[bool] = True
    answer: ClassVar[str] = (
        "plain buffer: `properties`: map; `points`: [value, red, green, blue, ...], those that colors are mixed of; "
        "`range`: [low, high] that they span, nil where it colors nothing yet; `data_range`: [low, high] of what it "
        "colors, or nil"
    )

    name: str
    """that of the array, or any other that representations ask for"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Geometry(Operation):
    """Take a piece of what is drawn of a representation, or last, with `facts`, show it. The data service sends it."""

    op: ClassVar[str] = "geometry"
    sent_as: ClassVar[Kind] = Kind.MESSAGE

    representation: int
    view: int
    kind: str = "RenderView"
    """of the view"""
    part: str = ""
    """"full" or "reduced\""""
    piece: Mapping[str, Any] | None = None
    """the header of the piece, section 9; the buffers are the piece's"""
    facts: Mapping[str, Any] | None = None
    """about all parts"""


@dataclass(frozen=True, slots=True, kw_only=True)
class ResetCamera(Operation):
    """Fit the camera to all that is visible.

    If nothing is, that is done once something is, before what is said of the camera afterwards.
    """

    op: ClassVar[str] = "reset_camera"
    sent_as: ClassVar[Kind] = Kind.MESSAGE

    view: int
    direction: str | None = None
    """where the camera looks, "+X", "-X", "+Y", "-Y", "+Z" or "-Z", or nil for as it does now"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Interact(Operation):
    """Move the camera.

    Distances are fractions of the picture's height, angles degrees; images are not refined between "start" and "end".
    """

    op: ClassVar[str] = "interact"
    sent_as: ClassVar[Kind] = Kind.MESSAGE

    view: int
    kind: str
    """"start", "end", or a movement: "rotate" with `dx`, `dy`, "pan" with `dx`, `dy`, "zoom" with `factor`, "zoom_at"
    with `factor` and `dx`, `dy` from the middle of the picture to the place that stays where it is seen, "roll" with
    `degrees`, "orbit" with `azimuth`, `elevation`"""
    dx: float = 0.0
    """to the right"""
    dy: float = 0.0
    """down"""
    factor: float = 0.0
    """how many times as large things look"""
    degrees: float = 0.0
    """clockwise"""
    azimuth: float = 0.0
    """to the right"""
    elevation: float = 0.0
    """over the top"""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeleteView(Operation):
    """Delete a view and all that it shows."""

    op: ClassVar[str] = "delete_view"
    sent_as: ClassVar[Kind] = Kind.MESSAGE

    view: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DeleteRepresentation(Operation):
    """Delete a representation."""

    op: ClassVar[str] = "delete_representation"
    sent_as: ClassVar[Kind] = Kind.MESSAGE

    representation: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Sync(Operation):
    """Answer when everything sent before has been applied; with an error if something of the view is refused."""

    op: ClassVar[str] = "sync"
    sent_as: ClassVar[Kind] = Kind.REQUEST
    only_looks: ClassVar[bool] = True

    view: int | None = None
    mark: int | None = None
    """what the `changes` of this connection tell then, in their turn"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Screenshot(Operation):
    """Make an image of a view in full detail. An error if something of the view is refused."""

    op: ClassVar[str] = "screenshot"
    sent_as: ClassVar[Kind] = Kind.REQUEST
    only_looks: ClassVar[bool] = True
    answer: ClassVar[str] = _IMAGE

    view: int
    format: str = "png"
    """"png", "jpeg", "lz4", "zlib", "rgb" or "rgba\""""
    size: tuple[int, int] | None = None
    """width and height in pixels, or nil for those of the view"""
    transparent: bool = False
    """whether the background is left out"""
    magnification: int = 1
    """multiplies the size, and all that is measured in points with it"""
    dpi: float | None = None
    """how many pixels, times the magnification, 72 points have; nil: 72"""
    samples: int = 1
    """drawings that the image is the mean of"""
    without_legends: tuple[str, ...] = ()
    """color maps whose legends are left out: they stand elsewhere"""
    palette: str = ""
    """the name of a palette for this image alone, of ParaView's or "print"; empty for that of the session"""
    stereo: str | None = None
    """a StereoType of render views for this image alone, empty for none; nil: as the view is"""
    widgets: bool = False
    """whether widgets are in it, as they are in images"""
    unpacks: tuple[str, ...] = ("lz4",)
    """as in `images`"""


@dataclass(frozen=True, slots=True, kw_only=True)
class LegendPicture(Operation):
    """Make a picture of a legend by itself, to stand beside several views that share its colors.

    An error if nothing that is visible in them has the colors, or not all have the same.
    """

    op: ClassVar[str] = "legend_picture"
    sent_as: ClassVar[Kind] = Kind.REQUEST
    only_looks: ClassVar[bool] = True
    answer: ClassVar[str] = (
        f"{_LETTERS}; `colors`: left, top, right and bottom of its colors, in pixels from the top left; `ticks`: "
        "[[value, pixel], ...], where along them from their left, or their bottom, each number is that is written"
    )

    name: str
    """of the color map"""
    views: tuple[int, ...]
    """those that it is the legend of"""
    size: tuple[int, int]
    """width and height in pixels of what it has to stand in"""
    properties: Mapping[str, Any] = field(default_factory=dict)
    """those of a legend; it stands at that side where one of a view would"""
    dpi: float = 72.0
    """how many pixels 72 points have"""
    background: tuple[float, float, float] = (1.0, 1.0, 1.0)
    """of what is behind it: ink without a color of its own is seen on that"""
    palette: str = ""
    """the name of a palette, of which inks are, as in `screenshot`; empty for that of the session"""
    format: str = "rgba"
    """"rgba" or "svg", a page as of `export`"""


@dataclass(frozen=True, slots=True, kw_only=True)
class TextPicture(Operation):
    """Make a picture of a text by itself, in the letters of views."""

    op: ClassVar[str] = "text_picture"
    sent_as: ClassVar[Kind] = Kind.REQUEST
    only_looks: ClassVar[bool] = True
    answer: ClassVar[str] = _LETTERS

    text: str
    """what is written; several lines are apart by a line feed"""
    properties: Mapping[str, Any] = field(default_factory=dict)
    """those of a text: FontSize, FontFamily, Bold, Italic, Color and Justification"""
    dpi: float = 72.0
    """how many pixels 72 points have"""
    background: tuple[float, float, float] = (1.0, 1.0, 1.0)
    """of what is behind it: without a Color it has one that is seen on that"""
    palette: str = ""
    """the name of a palette, of which inks are, as in `screenshot`; empty for that of the session"""
    format: str = "rgba"
    """as in `legend_picture`"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Export(Operation):
    """Hand out what a view shows, for files of other programs. An error if something of the view is refused."""

    op: ClassVar[str] = "export"
    sent_as: ClassVar[Kind] = Kind.REQUEST
    only_looks: ClassVar[bool] = True
    answer: ClassVar[str] = (
        "of `scene` `camera` and `background`: those of the view; `size`: width and height; `left_out`: [text, ...], "
        "what is seen and not handed out; `parts`: [{`representation`, `kind`: triangles, lines or points, `color`, "
        "`opacity`, `lit`, `size`: of points and lines in pixels, `points` and `simplices`: how many, `has_normals`, "
        "`has_colors`}, ...]. A buffer has of each part in turn positions in float64; normals in float32 and red, "
        "green, blue, opacity in bytes, if there are any, all of points; and corners in uint32. Of `svg` a buffer: "
        "the file, with texts, lines, polygons and pictures (PNG) in it, a point of the page for a pixel of the view"
    )

    view: int
    format: str
    """"scene" of a render view; "svg" of any view"""
    dpi: float = 300.0
    """of `svg`: how many pixels an inch has of what is a picture in it"""
    style: str = "raster"
    """of `svg` of a render view: whether the scene behind its texts and legends is "raster" or "vector\""""
    palette: str = ""
    """of `svg`: as in `screenshot`"""
    without_legends: tuple[str, ...] = ()
    """of `svg`: as of `screenshot`"""


@dataclass(frozen=True, slots=True, kw_only=True)
class View(Operation):
    """Tell how a view is."""

    op: ClassVar[str] = "view"
    sent_as: ClassVar[Kind] = Kind.REQUEST
    only_looks: ClassVar[bool] = True
    answer: ClassVar[str] = (
        '`properties`: map, with the camera that an image would show now; `camera`: "placed" (it stays), "fitted" (the '
        'next image will be fitted to what is visible then) or "waiting" (until something is visible); `refused`: '
        "[[representation, [name, ...]], ...], properties that are not as they were asked for; `why`: "
        "[[representation, or 0 for the view, {name: text}], ...]"
    )

    view: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Check(Operation):
    """Tell whether a new view, representation or color map would take properties: an error if not; nothing is made."""

    op: ClassVar[str] = "check"
    sent_as: ClassVar[Kind] = Kind.REQUEST
    only_looks: ClassVar[bool] = True

    of: str
    """"view", "representation" or "color map\""""
    kind: str = "RenderView"
    """of the view; of a color map its own"""
    properties: Mapping[str, Any]
    """{name: value}"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pick(Operation):
    """Tell what a pixel shows."""

    op: ClassVar[str] = "pick"
    sent_as: ClassVar[Kind] = Kind.REQUEST
    only_looks: ClassVar[bool] = True
    answer: ClassVar[str] = (
        "`representation` (nil: the background), and of it `version`, `cell` or nil, `point` of what is drawn, "
        "`position`: [x, y, z]"
    )

    view: int
    at: tuple[int, int]
    """x, y in pixels from the top left"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Composition(Operation):
    """Tell where legends, texts and axes stand in a picture of a render view."""

    op: ClassVar[str] = "composition"
    sent_as: ClassVar[Kind] = Kind.REQUEST
    only_looks: ClassVar[bool] = True
    answer: ClassVar[str] = (
        "`size`: [width, height] of the picture; `scene`: the pixels that the rest leaves for it; `items`: [{`kind`: "
        '"legend", "text", "picture", "orientation axes", "axes grid" or "scale bar" (of these two each number and '
        "title), `name`, `box`, `is_put`: whether it stands at a place that was set, `letters`: [box, ...] of its "
        "texts}, ...]; `shrunk`: the part of their sizes that they have, 1 where there is place enough; `remarks`: "
        "[str, ...], what is not as it was asked for; `larger` and `shift`: x, y of the view is seen at "
        "larger * x + shift[0], larger * y + shift[1]. Boxes are [left, top, right, bottom] in "
        "pixels from the top left"
    )

    view: int
    size: tuple[int, int] | None = None
    """this and the next two as in `screenshot`"""
    magnification: int = 1
    """multiplies the size and the points"""
    dpi: float | None = None
    """multiplies the points alone"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plots(Operation):
    """Tell where the plots of a chart are in its picture, and what their axes span. Of other views there are none."""

    op: ClassVar[str] = "plots"
    sent_as: ClassVar[Kind] = Kind.REQUEST
    only_looks: ClassVar[bool] = True
    answer: ClassVar[str] = (
        "`plots`: [{`area`: [left, top, right, bottom] in pixels from the top left, `axes`: {name, Left, Bottom, Right "
        "or Top: [low, high]}, `logarithmic`: [name of an axis, ...]}, ...]"
    )

    view: int


@dataclass(frozen=True, slots=True, kw_only=True)
class VisibleIds(Operation):
    """Tell the points or cells that are seen in a rectangle."""

    op: ClassVar[str] = "visible_ids"
    formerly: ClassVar[tuple[str, ...]] = ("seen",)
    sent_as: ClassVar[Kind] = Kind.REQUEST
    only_looks: ClassVar[bool] = True
    answer: ClassVar[str] = "plain buffer: [{`representation`, `version`, `ids`: bin, int64}, ...]"

    view: int
    rectangle: tuple[int, ...]
    """x0, y0, x1, y1 in pixels from the top left"""
    association: str
    """POINTS or CELLS"""


@dataclass(frozen=True, slots=True, kw_only=True)
class VisibleRange(Operation):
    """Tell the range of the numbers that color what is seen of a representation."""

    op: ClassVar[str] = "visible_range"
    sent_as: ClassVar[Kind] = Kind.REQUEST
    only_looks: ClassVar[bool] = True
    answer: ClassVar[str] = "`range`: [low, high] or nil"

    view: int
    representation: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Presets(Operation):
    """List the presets of colors."""

    op: ClassVar[str] = "presets"
    sent_as: ClassVar[Kind] = Kind.REQUEST
    only_looks: ClassVar[bool] = True
    answer: ClassVar[str] = "`names`: [str, ...]"


@dataclass(frozen=True, slots=True, kw_only=True)
class Capabilities(Operation):
    """Tell what rendering can do on this server."""

    op: ClassVar[str] = "capabilities"
    sent_as: ClassVar[Kind] = Kind.REQUEST
    only_looks: ClassVar[bool] = True
    answer: ClassVar[str] = (
        "`window`, `opengl`, `renderer`, `vendor`, `ray_tracing`, `ray_tracer`, `video`, and why not; with several "
        "ranks `drawing`: `ranks`, `composited`, `layers`, `gathered`"
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Images(Operation):
    """Send images whenever a view has changed, and as it refines. Newest only; of "h264" every item."""

    op: ClassVar[str] = "images"
    sent_as: ClassVar[Kind] = Kind.SUBSCRIBE
    only_looks: ClassVar[bool] = True
    answer: ClassVar[str] = f"every item is {_IMAGE}"

    view: int
    format: str = "auto"
    """"auto", "jpeg", "png", "lz4", "zlib", "rgb", "rgba" or "h264\""""
    quality: int | None = None
    """of JPEG, 1 to 100, or nil for what the link allows"""
    reader: int | None = None
    """a number that the client chooses for a reader of "h264", and says in `ack_image`"""
    unpacks: tuple[str, ...] = ("lz4",)
    """"lz4" and "zlib", those that the client unpacks, the best first: what would be lz4 is the first that the server
    packs; "png" if it packs none"""


@dataclass(frozen=True, slots=True, kw_only=True)
class AckImage(Operation):
    """Tell that a reader of "h264" has decoded an image; two may be under way."""

    op: ClassVar[str] = "ack_image"
    formerly: ClassVar[tuple[str, ...]] = ("image_seen",)
    sent_as: ClassVar[Kind] = Kind.MESSAGE
    only_looks: ClassVar[bool] = True

    view: int
    reader: int
    """the number in `images`"""
    sequence: int
    """the image's"""


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
        "every item has `change`: an operation, as a client sends it; `by`: the number of the client that it came "
        "from, 0 in a snapshot; `seen`: the last `number` of this client itself, of the same view, representation or "
        "color map or shared thing, that came before it. Told are update_view, also of a camera that was moved, "
        "update_representation, update_color_map, update_shared, reset_camera, delete_view, delete_representation, "
        "delete_shared and told_all. Or it has `ready`: true, and "
        "`complete`: true if a `told_all` came before; or `mark`: that of a `sync`. A `change` that is too large for a "
        "header is a plain buffer instead"
    )

    snapshot: bool = True
    """whether operations that make what there is come first, and then `ready`"""


OPERATIONS: Final = Operations(
    "render", UpdateView, UpdateRepresentation, UpdateColorMap, UpdateShared, Geometry, ResetCamera, Interact,
    DeleteView, DeleteRepresentation, DeleteShared, Sync, Screenshot, LegendPicture, TextPicture, Export, View, Check,
    Pick, Composition, Plots, VisibleIds, VisibleRange, ColorMap, Presets, Capabilities, Images, AckImage, ToldAll,
    Changes,
)  # fmt: skip
