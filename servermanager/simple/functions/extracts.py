"""Extracts, by the names of ParaView's functions: what is written of sources and views as time goes by."""

from __future__ import annotations

import os
from typing import Any

from ...extracts.extractor import LocalProxy
from ..current import a_source, give, is_source, is_view, nearest, session
from ..proxies import Scripted
from ..values import taken_window

_OPTIONS = ("ExtractsOutputDirectory", "GenerateCinemaSpecification", "FrameRate", "FrameStride", "FrameWindow")

give(LocalProxy, Scripted)


def CreateExtractor(name: str, proxy: Any = None, registrationName: str | None = None) -> Any:
    """Have a source (the active one by default) or a view written as "VTP", "CSV", "PNG", ... by SaveExtracts.

    Its Trigger says when, its Writer what, and by which names. Raises ValueError, TypeError.
    """
    written = proxy if is_view(proxy) else a_source(proxy, "CreateExtractor")
    there = session().extractors.find(registrationName) if registrationName else None
    taken = registrationName if registrationName and there is None else None  # two of one name get a number
    return session().extractors.create(name, written, name=taken)


def FindExtractor(registrationName: str) -> Any:
    """Return the extractor of that name, None if there is none."""
    return session().extractors.find(registrationName)


def GetExtractors(proxy: Any = None) -> list[Any]:
    """Return the extractors of a source or view; of all, if none is given."""
    if proxy is None:
        return list(session().extractors)
    if not (is_source(proxy) or is_view(proxy)):
        raise TypeError(f"GetExtractors takes a source or view, not {proxy!r:.80}")
    return list(session().extractors.of(proxy))


def SaveExtracts(**options: Any) -> bool:
    """Have all extractors write, at the times of the data, into ExtractsOutputDirectory.

    GenerateCinemaSpecification lists the files in data.csv; FrameWindow and FrameStride take some of the times;
    FrameRate has no meaning for single files. Returns whether there was anything to write: each script that ParaView
    saves a state as ends with this call. Raises ValueError for other options, and as `session.save_extracts`.
    """
    unknown = [one for one in options if one not in _OPTIONS]
    if unknown:
        raise ValueError(f"SaveExtracts has no option {unknown[0]!r}{nearest(unknown[0], _OPTIONS)}")
    window = taken_window(options.get("FrameWindow"))
    if not any(one.Enable for one in session().extractors):
        return False
    for one in session().extractors:
        if one.Enable and is_view(one.Producer):
            one.Producer.fit_once()
    session().save_extracts(
        os.fspath(options.get("ExtractsOutputDirectory", "extracts")),
        cinema=bool(options.get("GenerateCinemaSpecification", False)),
        frame_window=window,
        frame_stride=int(options.get("FrameStride", 1)),
    )
    return True


def SaveExtractsUsingCatalystOptions(options: Any) -> bool:
    """Have all extractors write as options of `paraview.catalyst` say: where, and whether for Cinema."""
    return SaveExtracts(
        ExtractsOutputDirectory=options.ExtractsOutputDirectory,
        GenerateCinemaSpecification=options.GenerateCinemaSpecification,
    )
