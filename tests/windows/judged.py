"""Failures that are wine's, or the environment's, and not ours: each with the reason by which one can tell."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fnmatch import fnmatchcase
from typing import Final

_TWO_LIBRARIES: Final = (
    "of the environment: the interpreter is 3.11.9, its standard library that of the Python 3.11 of this machine, and "
    "an older one has no class method where the interpreter calls one (MetadataPathFinder.invalidate_caches)"
)

REASONS: Final[Mapping[str, str]] = {
    "test_registry::test_entry_points": _TWO_LIBRARIES,
    "test_registry::test_module_and_class": _TWO_LIBRARIES,
    "test_time_limits::test_pytest_gives_each_test_longer_*": "runs the tests of test_registry, of which two fail",
}
"""By pattern of the test's name, as the table has it."""


def reason_of(test: str, reasons: Mapping[str, str] = REASONS) -> str | None:
    """Return why a failure of this test is not ours; None if it is."""
    return next((reason for pattern, reason in reasons.items() if fnmatchcase(test, pattern)), None)


def out_of_date(passed: Iterable[str], failed: Iterable[str], reasons: Mapping[str, str] = REASONS) -> list[str]:
    """List the patterns for which nothing failed although something of that name ran."""
    ran, wrong = list(passed), list(failed)
    return [
        pattern
        for pattern in reasons
        if any(fnmatchcase(test, pattern) for test in ran) and not any(fnmatchcase(test, pattern) for test in wrong)
    ]
