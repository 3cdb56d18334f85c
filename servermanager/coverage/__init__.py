"""How many of ParaView's names and properties are here: `python -m servermanager.coverage`."""

from .comparison import Coverage, GroupCoverage, compared
from .names import ParaViewType, TypeUses, paraview_types, paraview_uses, paraview_version

__all__ = [
    "Coverage",
    "GroupCoverage",
    "ParaViewType",
    "TypeUses",
    "compared",
    "paraview_types",
    "paraview_uses",
    "paraview_version",
]
