"""The editor of colors, as a section of the page: it follows what is active."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from servermanager import RepresentationProxy
from servermanager.ui.editors.color_editor import ColorEditor

from ..parts.widgets import ColorsElement, all_told
from .section import Section

if TYPE_CHECKING:
    from .content import PageContent

FITS: Final = {
    "data": ColorEditor.rescale_to_data,
    "visible": ColorEditor.rescale_to_visible,
    "times": ColorEditor.rescale_over_times,
}
FLAGS: Final = {
    "legend": ColorEditor.set_legend,
    "is_inverted": ColorEditor.set_inverted,
    "is_logarithmic": ColorEditor.set_logarithmic,
    "has_categories": ColorEditor.set_categories,
    "maps_opacity": ColorEditor.set_maps_opacity,
}
"""What may be turned on and off, by its name in ColorState."""
Number = (int, float)


class Colors(Section):
    """Edits the colors of what shows the active source in the active view."""

    def __init__(self, content: PageContent) -> None:
        super().__init__(content)
        self._state = self.own_name("colors", None)
        self._presets = self.own_name("presets", [])
        self._editor: ColorEditor | None = None
        self._shown: tuple[Any, Any] = (None, None)
        self._asked = False
        self.ends += [self.work.panels.watch(self._follow), self.work.browser.watch(self._follow)]
        self._follow()

    def lay_out(self) -> None:
        """Place it."""
        kinds: dict[str, tuple[Any, ...]] = {
            "preset": (self._use_preset, str),
            "rescale": (self._with(ColorEditor.rescale), Number, Number),
            "fit": (self._fit, str),
            "set": (self._set, str, bool),
            "opacity": (self._with(ColorEditor.move_opacity), int, Number, Number),
            "add": (self._with(ColorEditor.add_opacity), Number, Number),
            "remove": (self._with(ColorEditor.remove_opacity), int),
            "color": (self._color, int, list),
            "move": (self._with(ColorEditor.move_point), int, Number),
            "addcolor": (self._with(ColorEditor.add_point), Number),
            "removecolor": (self._with(ColorEditor.remove_point), int),
        }
        told = {
            event: all_told(self.trame, self.calls("change the colors", call, *expected))
            for event, (call, *expected) in kinds.items()
        }
        ColorsElement(state=(self._state,), presets=(self._presets,), **told)

    def close(self) -> None:
        """End it."""
        super().close()
        if self._editor is not None:
            self._editor.close()

    # --- inside

    def _follow(self) -> None:
        """Edit the colors of what is active now."""
        panel = self.work.panels.representation
        shown = None if panel is None else panel.proxy
        color_map = shown.color_map if isinstance(shown, RepresentationProxy) else None
        if (shown, color_map) == self._shown:
            return
        self._shown = (shown, color_map)
        if self._editor is not None:
            self._editor.close()
            self._editor = None
        if color_map is None:
            self.publisher.put(self._state, None)
            return
        assert isinstance(shown, RepresentationProxy)
        self._editor = editor = ColorEditor(shown)
        editor.watch(lambda: self._tell(editor))
        self.work.do("look at the colors", self._look(editor), shown.source.proxy.id)

    async def _look(self, editor: ColorEditor) -> None:
        if not self._asked:
            self._asked = True
            self.publisher.put(self._presets, await editor.presets())
        await editor.refresh()
        await editor.count()

    def _tell(self, editor: ColorEditor) -> None:
        if editor is not self._editor:
            return
        self.publisher.put(self._state, editor.state)
        if editor.error is not None:
            self.content.refused("change the colors", str(editor.error))

    def _with(self, change: Any) -> Any:
        """Return what calls a method of the editor, if there is one."""

        def call(*given: Any) -> None:
            if self._editor is not None:
                change(self._editor, *given)

        return call

    def _use_preset(self, name: str) -> None:
        if self._editor is not None and name:
            self._editor.use_preset(name)

    def _fit(self, how: str) -> None:
        if self._editor is not None:
            FITS[how](self._editor)

    def _set(self, name: str, on: bool) -> None:
        if self._editor is not None:
            FLAGS[name](self._editor, on)

    def _color(self, index: int, color: list[Any]) -> None:
        if len(color) != 3 or not all(isinstance(one, int | float) and 0 <= one <= 1 for one in color):
            raise ValueError("a color is three numbers from 0 to 1")
        if self._editor is not None:
            self._editor.set_color(index, (float(color[0]), float(color[1]), float(color[2])))
