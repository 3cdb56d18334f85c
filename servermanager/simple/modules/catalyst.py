"""`paraview.catalyst` for scripts that a simulation runs, and that are run without one: their options."""

from __future__ import annotations

from typing import Any

from ..current import nearest


class Options:
    """What such a script says of its extracts. Triggers and live connections are of a simulation: they do nothing."""

    def __init__(self) -> None:
        """Have ParaView's defaults."""
        values = {
            "ExtractsOutputDirectory": "datasets", "GenerateCinemaSpecification": 0, "GlobalTrigger": "TimeStep",
            "EnableCatalystLive": 0, "CatalystLiveURL": "localhost:22222", "CatalystLiveTrigger": "TimeStep",
        }  # fmt: skip
        for name, value in values.items():
            object.__setattr__(self, name, value)

    def __setattr__(self, name: str, value: Any) -> None:
        if name not in vars(self):
            raise AttributeError(f"CatalystOptions has no property {name!r}{nearest(name, list(vars(self)))}")
        object.__setattr__(self, name, value)

    def __getattr__(self, name: str) -> Any:
        raise AttributeError(f"CatalystOptions has no property {name!r}{nearest(name, list(vars(self)))}")
