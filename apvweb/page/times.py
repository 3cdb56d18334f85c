"""The toolbar of times: it is there where the data has some."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trame.widgets import html
from trame.widgets import vuetify3 as v3

from async_paraview.scene.animation import SNAP
from servermanager.ui.editors.time_control import TimeControl

from .section import Section

if TYPE_CHECKING:
    from .content import PageContent


class Times(Section):
    """First, previous, play, next, last, and a slider of all times."""

    def __init__(self, content: PageContent) -> None:
        super().__init__(content)
        self._name = self.own_name("times", None)
        self._control = TimeControl(self.session)
        self._known = 0
        self._control.watch(self._tell)
        self.ends.append(self.work.browser.watch(self._follow))
        self._tell()

    def lay_out(self) -> None:
        """Place it."""
        of, control = self._name, self._control
        with html.Div(
            v_if=f"{of} && {of}.count > 1 && {of}.mode === '{SNAP}'",
            classes="apv-times",
            role="toolbar",
            aria_label="Time",
        ):
            for icon, label, call in (
                ("'mdi-skip-backward'", "First time", control.first),
                ("'mdi-skip-previous'", "Previous time", control.previous),
                (f"{of}.is_playing ? 'mdi-pause' : 'mdi-play'", "Play or pause", control.toggle),
                ("'mdi-skip-next'", "Next time", control.next),
                ("'mdi-skip-forward'", "Last time", control.last),
            ):
                v3.VBtn(
                    icon=(icon,),
                    size="small",
                    variant="text",
                    click=(self.calls("go to a time", call), "[]"),
                    aria_label=label,
                    title=label,
                )
            v3.VBtn(
                icon="mdi-repeat",
                size="small",
                color=(f"{of}.loops ? 'primary' : undefined",),
                variant="text",
                click=(self.calls("loop", control.set_loops, bool), f"[!{of}.loops]"),
                aria_label="Loop",
                raw_attrs=[f':aria-pressed="{of}.loops"'],
                title="Loop",
            )
            html.Input(
                type="range",
                min="0",
                classes="apv-slider",
                aria_label="Time",
                raw_attrs=[
                    f':max="{of}.count - 1"',
                    f':value="{of}.index"',
                    f':aria-valuetext="String({of}.time)"',
                ],
                input=(self.calls("go to a time", control.go_to_index, int), "[Number($event.target.value)]"),
            )
            html.Span("{{ Number(" + of + ".time.toPrecision(6)) }}", classes="apv-time")

    def close(self) -> None:
        """End it."""
        super().close()
        self._control.close()

    def _follow(self) -> None:
        """Ask for times when there are other sources than before."""
        known = hash(tuple((row.id, row.state == "unmodified") for row in self.work.browser.rows))
        if known != self._known:
            self._known = known
            self._control.refresh()

    def _tell(self) -> None:
        state = self._control.state
        told = {
            "time": state.time,
            "index": state.index,
            "count": len(state.times),
            "is_playing": state.is_playing,
            "loops": state.loops,
            "mode": state.mode,
        }
        self.publisher.put(self._name, told)  # not all times themselves: it is told at every step
        if self._control.error is not None:
            self.content.refused("go to a time", str(self._control.error))
