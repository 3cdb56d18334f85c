"""What a view draws next: a dialogue of changes, times and costs, without VTK and without waiting."""

from __future__ import annotations

import pytest

from apvserver.render.refinement import (
    FIRST_REFINED,
    LONGEST_REST_S,
    REST_S,
    SHORTEST_FRAME_S,
    STILL_S,
    Refinement,
    Step,
)


class Clock:
    """A view whose whole drawing takes `whole_s`, a reduced one a tenth; time passes only by drawing and waiting."""

    def __init__(self, *, whole_s: float, has_level_of_detail: bool, samples: int = 8, frame_s: float = 0.05) -> None:
        self.now = 100.0
        self.whole_s, self.has_level_of_detail = whole_s, has_level_of_detail
        self.view = Refinement(frame_s=frame_s, samples=samples)
        self.cells = 0
        self.steps: list[tuple[float, Step]] = []

    def change(self) -> None:
        self.view.changed(self.now)

    def run(self, until: float = float("inf")) -> list[Step]:
        """Do what is to be done, up to a time; the steps that were taken."""
        taken: list[Step] = []
        while self.now < until:
            step = self.view.next_step(self.now, has_level_of_detail=self.has_level_of_detail, cells=self.cells)
            if step is None:
                break
            if not isinstance(step, Step):
                self.now += step
                continue
            began = self.now
            if step.draw:
                self.now += self.whole_s / 10 if step.reduced else self.whole_s
            self.view.drawn(step, began=began, now=self.now, cells=self.cells)
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


def test_what_has_become_much_larger_is_reduced_before_its_cost_is_known() -> None:
    clock = Clock(whole_s=0.005, has_level_of_detail=True)
    clock.change()
    clock.run()  # of nothing
    clock.whole_s, clock.cells = 0.6, 1_500_000
    clock.change()
    assert clock.run(clock.now + 0.03) == [Step(reduced=True)]
    assert clock.run()[0] == Step()  # at rest
    clock.whole_s, clock.cells = 0.005, 20_000
    clock.change()
    assert [step.reduced for step in clock.run()[:2]] == [True, False]  # what is smaller may be slow for other reasons
    clock.cells = 60_000
    clock.change()
    assert clock.run()[0] == Step()  # three times as much as what took 5 ms


def test_a_whole_drawing_that_takes_long_begins_later_but_when_a_person_lets_go_at_once() -> None:
    for whole_s, rest_s in ((0.06, REST_S), (0.3, 0.3), (5.0, LONGEST_REST_S)):
        clock = Clock(whole_s=whole_s, has_level_of_detail=True)
        clock.change()
        clock.run()
        clock.change()
        assert clock.run(clock.now + 0.001) == [Step(reduced=True)]
        assert clock.view.next_step(clock.now, has_level_of_detail=True) == pytest.approx(rest_s)
        clock.view.hold(clock.now)
        clock.view.release(clock.now)
        assert isinstance(clock.view.next_step(clock.now, has_level_of_detail=True), Step)


def test_who_reacts_to_an_exact_image_does_not_wait_for_a_slow_drawing_that_refines_it() -> None:
    clock = Clock(whole_s=0.4, has_level_of_detail=True)
    clock.change()
    clock.run()
    clock.change()
    while not clock.steps[-1][1].lossless or clock.steps[-1][1].sample:
        step = clock.view.next_step(clock.now, has_level_of_detail=True)
        clock.run(clock.now + (step if isinstance(step, float) else 0.01))
    assert clock.steps[-1][1] == Step(lossless=True)
    assert clock.view.next_step(clock.now, has_level_of_detail=True) == pytest.approx(0.4)
    assert [step.sample for step in clock.run()] == [1, 2, 3, 4, 5, 6, 7, 8]  # at leisure


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


def test_passes_along_paths_are_shown_as_they_get_better_and_the_last_one_is_lossless() -> None:
    refinement = Refinement(frame_s=0.05, samples=40)
    refinement.is_traced = True
    now, shown = 10.0, []
    refinement.changed(now)
    for _ in range(100):
        step = refinement.next_step(now, has_level_of_detail=False)
        if step is None:
            break
        if not isinstance(step, Step):
            now += step
            continue
        began, now = now, now + 0.2
        refinement.drawn(step, began=began, now=now)
        if step.publish:
            shown.append((step.sample, step.lossless, step.draw))
    assert shown == [(0, False, True), *((one, one == 40, True) for one in (1, 2, 4, 8, 16, 32, 40))]
    refinement.changed(now)
    assert refinement.next_step(now, has_level_of_detail=False) == Step()


def test_a_single_pass_is_the_picture_that_stays() -> None:
    refinement = Refinement(frame_s=0.05, samples=1)
    refinement.is_traced = True
    refinement.changed(10.0)
    refinement.drawn(Step(), began=10.0, now=10.1)
    assert refinement.next_step(10.3, has_level_of_detail=False) == Step(sample=1, lossless=True)
    refinement.drawn(Step(sample=1, lossless=True), began=10.3, now=10.4)
    assert refinement.next_step(11.0, has_level_of_detail=False) is None
