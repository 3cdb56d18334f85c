"""Clocks that go in steps, as on Windows: what happens in the very moment that it is due is not early."""

from __future__ import annotations

from services_core.conformance.checks.deadlines import lateness


def test_a_moment_that_is_due_is_not_early_whatever_its_numbers() -> None:
    """A twentieth is no number of floats: differences of such times are off by some 1e-14."""
    moments = [step / 1000 for step in range(600_000, 601_000)]
    due = [(began, began + 0.05) for began in moments]
    assert min(ended - began - 0.05 for began, ended in due) < 0, "rounding is not seen here"
    assert {lateness(began, 0.05, ended) for began, ended in due} == {0.0}
    assert lateness(100.0, 0.05, 100.049) < 0 < lateness(100.0, 0.05, 100.051)
