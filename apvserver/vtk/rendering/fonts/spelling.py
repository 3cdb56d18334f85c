"""Fonts that have every character of a text: VTK's own, else DejaVu, which comes with matplotlib."""

from __future__ import annotations

import importlib.util
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Final

from vtkmodules.vtkRenderingCore import vtkTextProperty

from async_paraview.records import dataclass
from async_paraview.scene.props.fonts import FILE

from .formulas import as_typed, fault_of, for_vtk, has_formulas
from .noted import note, note_formulas
from .rasters import raster

BOX: Final = "\N{WHITE SQUARE}"
"""What is drawn for a character that no font has."""
_DEJAVU: Final = {
    "Arial": ("DejaVuSans", "Oblique"),
    "Courier": ("DejaVuSansMono", "Oblique"),
    "Times": ("DejaVuSerif", "Italic"),
}
"""What is nearest to each of VTK's families, and how its files call slanted letters."""
_WITHOUT_INK: Final = ("Zs", "Zl", "Zp", "Cc", "Cf")
_SELECTORS: Final = range(0xFE00, 0xFE10)
"""Say which form of the character before is meant; nothing is drawn for them."""
_PROBE_DPI: Final = 72
_MOST_QUOTED: Final = 60


@dataclass(frozen=True)
class Typeface:
    """A font: one of VTK's families, or the path of a file, which then has its own weight and slant."""

    family: str
    bold: bool = False
    italic: bool = False
    file: str = ""

    @classmethod
    def of(cls, look: Any) -> Typeface:
        """Return that of a vtkTextProperty."""
        family, file = str(look.GetFontFamilyAsString()), look.GetFontFile()
        is_file = family == FILE and bool(file)
        if family not in _DEJAVU and not is_file:
            family = "Arial"
        return cls(family, bool(look.GetBold()), bool(look.GetItalic()), str(file) if is_file else "")

    def give(self, look: Any) -> None:
        """Have a vtkTextProperty write with it."""
        look.SetFontFamilyAsString(self.family)
        look.SetFontFile(self.file or None)
        look.SetBold(self.bold)
        look.SetItalic(self.italic)

    @property
    def name(self) -> str:
        """What it is called."""
        return Path(self.file).stem if self.file else self.family


def spell(look: Any, words: str) -> str:
    """Have a vtkTextProperty write in a font that has all characters of a text, and return the text as VTK takes it.

    What is to be said of characters that no font has, and of formulas that are none, is noted.
    """
    return spell_all(look, [words])[0]


def spell_all(look: Any, words: Sequence[str]) -> list[str]:
    """Do the same for several texts that share a property."""
    wanted = Typeface.of(look)
    spelled = _spelled(tuple(words), wanted, max(1, look.GetFontSize()))
    if spelled.typeface != wanted:
        spelled.typeface.give(look)
    note(spelled.remarks)
    if spelled.has_formulas:
        note_formulas()
    return list(spelled.words)


def dejavu(typeface: Typeface) -> Typeface:
    """Return the font of DejaVu that is nearest to one."""
    stem, italic = _DEJAVU.get(typeface.family, _DEJAVU["Arial"])
    style = ("Bold" if typeface.bold else "") + (italic if typeface.italic else "")
    file = _folder() / (f"{stem}-{style}.ttf" if style else f"{stem}.ttf")
    return Typeface(FILE, typeface.bold, typeface.italic, str(file))


@dataclass(frozen=True)
class _Spelled:
    words: tuple[str, ...]
    typeface: Typeface
    remarks: tuple[str, ...]
    has_formulas: bool


@lru_cache(maxsize=4096)
def _spelled(words: tuple[str, ...], wanted: Typeface, points: int) -> _Spelled:
    if not wanted.file and all(one.isascii() and "$" not in one for one in words):
        return _Spelled(words, wanted, (), False)
    words = tuple(unicodedata.normalize("NFC", one) for one in words)
    typeface = _best(wanted, {character for one in words for character in one})
    remarks, done, any_formula = [], [], False
    for one in words:
        lacking = _lacking(typeface, one)
        remarks += [] if not lacking else [_lacks(one, lacking)]
        if typeface != wanted and wanted.file and (missed := _lacking(wanted, one)) and not set(missed) <= set(lacking):
            remarks.append(f"the text {_quoted(one)} is drawn in {typeface.name}: {wanted.name} lacks {_told(missed)}")
        told, is_formula, faults = _with_formulas("".join(BOX if c in lacking else c for c in one), wanted, points)
        remarks += faults
        any_formula |= is_formula
        done.append(told)
    return _Spelled(tuple(done), typeface, tuple(remarks), any_formula)


def _with_formulas(words: str, typeface: Typeface, points: int) -> tuple[str, bool, list[str]]:
    """Return a text as VTK takes it, whether it has formulas, and what is to be said of those that are none."""
    lines = words.split("\n")
    faults = [fault_of(line, typeface.family, points) if has_formulas(line) else None for line in lines]
    remarks = [f"{_quoted(words)} is drawn as it was typed: {fault}" for fault in faults if fault is not None]
    if remarks or not any(map(has_formulas, lines)):
        return "\n".join(map(as_typed, lines)), False, remarks
    return "\n".join(for_vtk(line) if has_formulas(line) else as_typed(line) for line in lines), True, []


def _best(wanted: Typeface, characters: Iterable[str]) -> Typeface:
    """Return the font that lacks the fewest of these characters: that which was wanted, or one of DejaVu."""
    found = set(characters)
    fewest, best = _lacking(wanted, found), wanted
    for other in (dejavu(wanted), dejavu(replace(wanted, family="Arial"))):
        if not fewest:
            break
        missed = _lacking(other, found)
        if len(missed) < len(fewest):
            fewest, best = missed, other
    return best if not fewest or _draws(BOX, best) else dejavu(replace(wanted, family="Arial"))


def _lacking(typeface: Typeface, characters: Iterable[str]) -> list[str]:
    return [one for one in dict.fromkeys(characters) if not _draws(one, typeface)]


@lru_cache(maxsize=1 << 16)
def _draws(character: str, typeface: Typeface) -> bool:
    """Return whether a font has a character: VTK draws nothing for one that it has not."""
    if character in "\n\t" or unicodedata.category(character) in _WITHOUT_INK or ord(character) in _SELECTORS:
        return True
    look = vtkTextProperty()
    typeface.give(look)
    return bool(raster(look, as_typed(character), _PROBE_DPI).any())


def _lacks(words: str, lacking: Sequence[str]) -> str:
    return f"no font here has {_told(lacking)}: the text {_quoted(words)} has boxes in the place of them"


def _told(characters: Iterable[str]) -> str:
    return ", ".join(f"U+{ord(one):04X} {one}" for one in characters)


def _quoted(words: str) -> str:
    return repr(words if len(words) <= _MOST_QUOTED else f"{words[:_MOST_QUOTED]}...")


@cache
def _folder() -> Path:
    """Return where matplotlib has DejaVu, without importing it."""
    found = importlib.util.find_spec("matplotlib")
    if found is None or found.origin is None:
        raise ModuleNotFoundError("matplotlib is not installed, and texts need its fonts: pip install matplotlib")
    return Path(found.origin).parent / "mpl-data" / "fonts" / "ttf"
