"""What a view should draw next, and when: decided from times and costs alone. No VTK, no clock, no I/O."""

from __future__ import annotations

from typing import Final

from async_paraview.records import dataclass

REST_S: Final = 0.1
"""A view that has not changed for so long after it was drawn is at rest, and refined: who looks may want to react."""
LONGEST_REST_S: Final = 0.5
"""A drawing that takes long begins later where something is seen already: who moves meanwhile waits for its end."""
STILL_S: Final = 0.5
"""How soon after the last change a lossless image is due, where drawing allows it."""
SHORTEST_FRAME_S: Final = 1 / 120
"""Images that follow each other faster than this are worth nobody's work."""
FIRST_REFINED: Final = 4
"""With fewer samples for each pixel, an accumulated image is no better than a smoothed one."""
EVERY_TRACED: Final = 16
"""Of passes along paths of light, those that have so many of them are shown beside powers of two."""
FEW_CELLS: Final = 10_000
"""So many cells take as long as all that a drawing of nothing takes, or less."""


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
        self.is_traced = False
        """Whether samples are passes along paths of light: then what they have so far is shown as it gets better."""
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
        self._exact_at = float("-inf")
        """When the last one was made."""
        self._finished = True
        self._held = False
        self._whole_s: float | None = None
        self._whole_cells = 0
        """Of how many cells the last whole drawing was."""

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
        self._shown_at = min(self._shown_at, now - LONGEST_REST_S)

    def next_step(self, now: float, *, has_level_of_detail: bool, cells: int = 0) -> Step | float | None:
        """Return a step to take now, seconds to wait before asking again, or None if nothing is left to do.

        `cells` is how many a whole drawing has now: what is much larger than before is taken for much slower.
        """
        if not self._fresh:
            wait_s = self._drawn_at + SHORTEST_FRAME_S - now
            return Step(reduced=has_level_of_detail and self._is_slow(cells)) if wait_s <= 0 else wait_s
        if self._finished or self._held:
            return None
        rest_s = self._shown_at + self._rest_s() - now
        if rest_s > 0:
            return rest_s
        if self._reduced:
            due = self.samples <= 1 or self._still_is_due(now, steps=2)
            return Step(lossless=due and not self.is_traced)
        if not self.is_traced and (self.samples <= 1 or (not self._lossless and self._still_is_due(now, steps=1))):
            return Step(draw=False, lossless=True)
        if self._lossless and self._is_slow(0) and (leisure_s := self._exact_at + self._rest_s() - now) > 0:
            return leisure_s
        sample = self._sample + 1
        last = sample == self.samples
        better = sample & (sample - 1) == 0 or (self.is_traced and sample % EVERY_TRACED == 0)
        shown = last or (better and (self.is_traced or (sample >= FIRST_REFINED and not self._lossless)))
        return Step(sample=sample, publish=shown, lossless=last)

    def drawn(self, step: Step, *, began: float, now: float, cells: int = 0) -> None:
        """Note that a step was taken, with so many cells."""
        self._drawn_at = began
        if not self._fresh:
            self._shown_at = now
        self._fresh = True
        self._reduced = step.reduced
        self._sample = max(self._sample, step.sample)
        self._lossless |= step.lossless
        self._exact_at = now if step.lossless else self._exact_at
        self._finished = step.lossless and ((self.samples <= 1 and not self.is_traced) or step.sample == self.samples)
        if step.draw and not step.reduced and not (step.sample and self.is_traced):
            self._whole_s, self._whole_cells = now - began, cells

    def _rest_s(self) -> float:
        """Return how long nothing has to change before a whole drawing: as long as that takes, within limits."""
        whole_s = self._whole_s if (self._reduced or self._lossless) and self._whole_s is not None else 0.0
        return max(REST_S, min(LONGEST_REST_S, whole_s)) if whole_s > self.frame_s else REST_S

    def _is_slow(self, cells: int) -> bool:
        if self._whole_s is None:
            return True
        times_as_many = (cells + FEW_CELLS) / (self._whole_cells + FEW_CELLS)
        return self._whole_s * max(1.0, times_as_many) > self.frame_s

    def _still_is_due(self, now: float, *, steps: int) -> bool:
        """Return whether a lossless image would come too late if it came after `steps` more drawings."""
        return now + steps * (self._whole_s or 0.0) > self._changed_at + STILL_S
