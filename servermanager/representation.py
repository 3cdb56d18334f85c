"""How one output is shown in one view: its properties go to both halves of the representation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Final

from .proxy import UNSET, OutputPort
from .values import plain_value
from .view_properties import REPRESENTATION, as_text

if TYPE_CHECKING:
    from .any_view import AnyViewProxy
    from .session import Session

EXTRACTION: Final = frozenset({
    "Representation", "ColorBy", "FeatureAngle", "SliceMode", "Slice", "ResampleDimensions", "OrientationArray",
    "ScaleArray", "MaximumNumberOfGlyphs", "TubeRadius", "NumberOfSides",
    "UseLogScale", "ScalarRange", "Categorical", "RGBPoints",
})  # fmt: skip
"""Properties that matter where the data is: what is extracted of it, or is to be said of it, depends on them."""


class RepresentationProxy:
    """How one output is shown in one view. Every method is fire and forget."""

    extraction: ClassVar[frozenset[str]] = EXTRACTION

    def __init__(
        self, session: Session, id_: int, source: OutputPort, view: AnyViewProxy, properties: dict[str, Any]
    ) -> None:
        self.id = id_
        self.source = source
        self.view = view
        self._session = session
        self._properties: dict[str, Any] = {}
        self.update(**properties)
        if not self.extraction & self._properties.keys():
            self._show()

    def update(self, **properties: Any) -> None:
        """Set properties: Representation, ColorBy, Color, Opacity, Visibility, ...: see docs/representations.md.

        What is wrong with a name or a value is raised by every awaited call that needs the view, until it is set right
        or this is deleted; the others are set.
        """
        plain = {name: plain_value(name, value) for name, value in properties.items()}
        extraction = {
            name for name in self.extraction & plain.keys() if plain[name] != self._properties.get(name, UNSET)
        }
        self._properties.update(plain)
        if extraction:
            self._show()
        header = {"op": "update_representation", "representation": self.id, "view": self.view.id}
        self._session.render.send_message({**header, "kind": self.view.kind, "properties": plain})

    def replay(self) -> None:
        """Tell the server all of it. Called by Session.restart."""
        self._show()
        self.update(**self._properties)

    def help(self) -> str:
        """Its properties, a line each; local."""
        return as_text(REPRESENTATION)

    async def rescale_to_visible_range(self) -> tuple[float, float] | None:
        """Have the colours span the numbers that are seen now; returns them, None if nothing coloured is seen.

        Raises as `RenderViewProxy.shown` does.
        """
        await self.view.shown()
        header = {"op": "visible_range", "view": self.view.id, "representation": self.id}
        found = (await self._session.render.send_request(header)).header["range"]
        if found is None:
            return None
        self.update(ScalarRange=found)
        return float(found[0]), float(found[1])

    def rescale_to_data_range(self) -> None:
        """Have the colours span the numbers of the whole data, and follow them."""
        self.update(ScalarRange=None)

    async def rescale_over_times(self) -> tuple[float, float] | None:
        """Have the colours span the numbers of all time steps, each of which is executed; returns them.

        None if the data has no time steps, or nothing colours it. Raises as `update_pipeline` does, and KeyError if a
        time step lacks the array.
        """
        color_by, proxy, port = self._properties.get("ColorBy"), self.source.proxy, self.source.port
        ranges = []
        if color_by is not None:
            for time in (await proxy.update_pipeline(port=port)).time_steps:
                information = await proxy.update_pipeline(port=port, time=time)
                found = information.array(color_by[1], color_by[0])
                ranges.append(found.range_of(color_by[2] if len(color_by) > 2 else "Magnitude"))
        known = [one for one in ranges if one is not None]
        if not known:
            return None
        span = min(low for low, _ in known), max(high for _, high in known)
        self.update(ScalarRange=span)
        return span

    def set_values(self) -> dict[str, Any]:
        """What was set here, by name."""
        return dict(self._properties)

    def delete(self) -> None:
        """Show it no more."""
        self._session.forget_representation(self)
        self._session.data.send_message({"op": "forget", "representation": self.id})
        self._session.render.send_message({"op": "delete_representation", "representation": self.id})

    def _show(self) -> None:
        """Tell the data service what to extract, and for whom."""
        self._session.update_vtk_objects([self.source.proxy])
        header = {
            "op": "show",
            "representation": self.id,
            "view": self.view.id,
            "id": self.source.proxy.id,
            "port": self.source.port,
            "extract": {name: value for name, value in self._properties.items() if name in self.extraction},
            "kind": self.view.kind,
        }
        self._session.data.send_message(header)

    def __repr__(self) -> str:
        return f"<Representation {self.id} of {self.source.proxy!r}: {self._properties}>"
