"""What a view draws next: a dialogue of changes, times and costs, without VTK and without waiting."""

from __future__ import annotations

import pytest

from apvserver.render.refinement import FIRST_REFINED, REST_S, SHORTEST_FRAME_S, STILL_S, Refinement, Step


class Clock:
    """A view whose whole drawing takes `whole_s`, a reduced one a tenth; time passes only by drawing and waiting."""

    def __init__(self, *, whole_s: float, has_level_of_detail: bool, samples: int = 8, frame_s: float = 0.05) -> None:
        self.now = 100.0
        self.whole_s, self.has_level_of_detail = whole_s, has_level_of_detail
        self.view = Refinement(frame_s=frame_s, samples=samples)
        self.steps: list[tuple[float, Step]] = []

    def change(self) -> None:
        self.view.changed(self.now)

    def run(self, until: float = float("inf")) -> list[Step]:
        """Do what is to be done, up to a time; the steps that were taken."""
        taken: list[Step] = []
        while self.now < until:
            step = self.view.next_step(self.now, has_level_of_detail=self.has_level_of_detail)
            if step is None:
                break
            if not isinstance(step, Step):
                self.now += step
                continue
            began = self.now
            if step.draw:
                self.now += self.whole_s / 10 if step.reduced else self.whole_s
            self.view.drawn(step, began=began, now=self.now)
            self.steps.append((self.now, step))
            taken.append(step)
        return taken


def test_nothing_is_drawn_before_the_first_change_and_nothing_after_the_last_refinement() -> None:
    clock = Clock(whole_s=0.01, has_level_of_detail=False)
    assert clock.run() == []
    clock.change()
    assert clock.run()
    assert clock.run() == []


def test_a_fast_view_is_drawn_whole_at_once_then_refined_at_rest_until_it_is_exact() -> None:
    clock = Clock(whole_s=0.01, has_level_of_detail=True)
    clock.change()
    clock.run()
    clock.steps.clear()
    began = clock.now
    clock.change()
    steps = clock.run()
    assert steps[0] == Step()
    assert [step.sample for step in steps[1:]] == [1, 2, 3, 4, 5, 6, 7, 8]
    assert [step.sample for step in steps if step.publish] == [0, FIRST_REFINED, 8]
    assert [step.lossless for step in steps] == [False] * 8 + [True]
    assert clock.steps[1][0] - began >= REST_S
    assert clock.now - began < STILL_S


def test_a_slow_view_is_reduced_while_it_changes_and_whole_at_rest() -> None:
    clock = Clock(whole_s=0.2, has_level_of_detail=True)
    for _ in range(5):
        clock.change()
        assert clock.run(clock.now + 0.03) == [Step(reduced=True)]
    steps = clock.run()
    assert steps[0] == Step()
    assert not any(step.reduced for step in steps)
    assert steps[-1] == Step(sample=8, lossless=True)


def test_a_view_whose_cost_is_unknown_shows_something_soon() -> None:
    clock = Clock(whole_s=10.0, has_level_of_detail=True)
    clock.change()
    assert clock.run(clock.now + 0.01) == [Step(reduced=True)]


def test_without_reduced_detail_a_slow_view_is_drawn_whole() -> None:
    clock = Clock(whole_s=0.2, has_level_of_detail=False)
    clock.change()
    assert clock.run(clock.now + 0.01) == [Step()]


def test_an_exact_image_comes_in_time_although_refinement_takes_long() -> None:
    clock = Clock(whole_s=0.12, has_level_of_detail=True)
    clock.change()
    began = clock.now
    clock.run()
    first_exact = next(when for when, step in clock.steps if step.lossless)
    assert first_exact - began <= STILL_S
    published = [step for _, step in clock.steps if step.publish and step.sample]
    assert published == [Step(sample=8, lossless=True)]  # nothing worse is shown after an exact image


def test_a_view_too_slow_for_that_is_exact_as_soon_as_it_is_whole() -> None:
    clock = Clock(whole_s=2.0, has_level_of_detail=True)
    clock.change()
    assert clock.run()[:3] == [Step(reduced=True), Step(), Step(draw=False, lossless=True)]  # its cost was unknown
    clock.change()
    assert clock.run()[:2] == [Step(reduced=True), Step(lossless=True)]


def test_a_change_voids_all_refinement() -> None:
    clock = Clock(whole_s=0.02, has_level_of_detail=False)
    clock.change()
    clock.run(clock.now + REST_S + 0.08)
    assert 0 < clock.steps[-1][1].sample < 8
    clock.change()
    assert [step.sample for step in clock.run()] == [0, 1, 2, 3, 4, 5, 6, 7, 8]


def test_while_a_person_holds_it_nothing_is_refined_and_on_release_it_is_at_once() -> None:
    clock = Clock(whole_s=0.2, has_level_of_detail=True)
    clock.view.hold(clock.now)
    clock.change()
    assert clock.run() == [Step(reduced=True)]
    began = clock.now
    clock.view.release(clock.now)
    clock.run(clock.now + 0.01)
    assert clock.steps[-1][1] == Step() and clock.steps[-1][0] - began == pytest.approx(0.2)


def test_with_one_sample_the_whole_drawing_itself_becomes_exact() -> None:
    clock = Clock(whole_s=0.01, has_level_of_detail=False, samples=1)
    clock.change()
    assert clock.run() == [Step(), Step(draw=False, lossless=True)]


def test_changes_that_follow_each_other_closely_do_not_each_cost_a_drawing() -> None:
    clock = Clock(whole_s=0.0001, has_level_of_detail=False)
    clock.change()
    clock.run(clock.now + 0.00005)
    clock.change()
    wait_s = clock.view.next_step(clock.now, has_level_of_detail=False)
    assert isinstance(wait_s, float) and 0 < wait_s <= SHORTEST_FRAME_S


def test_who_reacts_to_an_image_finds_the_view_at_leisure_however_long_drawing_took() -> None:
    clock = Clock(whole_s=1.0, has_level_of_detail=False)
    clock.change()
    assert clock.run(clock.now + 0.5) == [Step()]
    wait_s = clock.view.next_step(clock.now, has_level_of_detail=False)
    assert wait_s == pytest.approx(REST_S)
