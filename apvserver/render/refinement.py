"""What a view should draw next, and when: decided from times and costs alone. No VTK, no clock, no I/O."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

REST_S: Final = 0.1
"""A view that has not changed for so long after it was drawn is at rest, and refined: who looks may want to react."""
STILL_S: Final = 0.5
"""How soon after the last change a lossless image is due, where drawing allows it."""
SHORTEST_FRAME_S: Final = 1 / 120
"""Images that follow each other faster than this are worth nobody's work."""
FIRST_REFINED: Final = 4
"""With fewer samples for each pixel, an accumulated image is no better than a smoothed one."""


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do. `sample` counts drawings that are accumulated, from 1; 0 is a drawing by itself.

    Without `draw` the last whole drawing is used again. `reduced` asks for less detail of what is large;
    `publish` says whether an image is to come of it, and `lossless` whether it is one to stay.
    """

    draw: bool = True
    reduced: bool = False
    sample: int = 0
    publish: bool = True
    lossless: bool = False


class Refinement:
    """The state of one view's picture: out of date, drawn, refined, or finished.

    Times are seconds of one monotonic clock that the caller reads. While the view changes, each drawing should take at
    most `frame_s`: reduced ones are asked for where whole ones take longer. At rest the whole is drawn, then `samples`
    drawings are accumulated, then nothing is left to do.
    """

    def __init__(self, *, frame_s: float, samples: int) -> None:
        self.frame_s = frame_s
        self.samples = samples
        self._changed_at = float("-inf")
        self._drawn_at = float("-inf")
        self._shown_at = float("-inf")
        """When the first drawing after the last change was made."""
        self._fresh = True
        """Whether something was drawn after the last change."""
        self._reduced = False
        self._sample = 0
        self._lossless = False
        """Whether a lossless image was made since the last change."""
        self._finished = True
        self._held = False
        self._whole_s: float | None = None

    def changed(self, now: float) -> None:
        """Begin anew: what is drawn is out of date, and all refinement is void."""
        self._changed_at = now
        self._fresh = self._finished = self._lossless = False
        self._sample = 0

    def hold(self, now: float) -> None:
        """Note that a person has begun to move something: the view is not at rest before `release`."""
        self._held = True

    def release(self, now: float) -> None:
        """Note that the person has let go: the view is at rest at once."""
        self._held = False
        self._shown_at = min(self._shown_at, now - REST_S)

    def next_step(self, now: float, *, has_level_of_detail: bool) -> Step | float | None:
        """Return a step to take now, seconds to wait before asking again, or None if nothing is left to do."""
        if not self._fresh:
            wait_s = self._drawn_at + SHORTEST_FRAME_S - now
            return Step(reduced=has_level_of_detail and self._is_slow()) if wait_s <= 0 else wait_s
        if self._finished or self._held:
            return None
        rest_s = self._shown_at + REST_S - now
        if rest_s > 0:
            return rest_s
        if self._reduced:
            return Step(lossless=self.samples <= 1 or self._still_is_due(now, steps=2))
        if self.samples <= 1 or (not self._lossless and self._still_is_due(now, steps=1)):
            return Step(draw=False, lossless=True)
        sample = self._sample + 1
        last = sample == self.samples
        shown = last or (sample >= FIRST_REFINED and sample & (sample - 1) == 0 and not self._lossless)
        return Step(sample=sample, publish=shown, lossless=last)

    def drawn(self, step: Step, *, began: float, now: float) -> None:
        """Note that a step was taken."""
        self._drawn_at = began
        if not self._fresh:
            self._shown_at = now
        self._fresh = True
        self._reduced = step.reduced
        self._sample = max(self._sample, step.sample)
        self._lossless |= step.lossless
        self._finished = step.lossless and (self.samples <= 1 or step.sample == self.samples)
        if step.draw and not step.reduced:
            self._whole_s = now - began

    def _is_slow(self) -> bool:
        return self._whole_s is None or self._whole_s > self.frame_s

    def _still_is_due(self, now: float, *, steps: int) -> bool:
        """Return whether a lossless image would come too late if it came after `steps` more drawings."""
        return now + steps * (self._whole_s or 0.0) > self._changed_at + STILL_S
