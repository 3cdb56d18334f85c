"""The code blocks of a page, and what a reader would do with each of them: decided here, without running anything.

- `python` blocks of a page are pasted one after the other into one script; a `bash` block between them ends it.
- A block whose first line is a comment with the name of a file is that file: `# count.py`.
- `bash` blocks are typed into a terminal; one that begins with `# in a terminal of its own` goes on beside the rest.
- `text` right below a block is what that prints: each line of it, where `...` stands for anything.
- A block below the comment `<!-- not run by the tests: REASON -->` is only read.
- `bat` is for Windows; `hex` and `transcript` are read by tests/core/test_protocol_document.py.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from markdown_it import MarkdownIt

ROOT: Final = Path(__file__).resolve().parents[2]
PAGES: Final = (
    ROOT / "README.md",
    *sorted(page for page in (ROOT / "docs").rglob("*.md") if not any(part[0] == "_" for part in page.parts[-2:])),
)
"""All but those that are made when the site is."""
LANGUAGES: Final = {"python", "bash", "toml", "json", "text", "bat", "hex", "transcript"}
OWN_TERMINAL: Final = "# in a terminal of its own"
_ASIDE: Final = re.compile(r"<!-- not run by the tests: (.+) -->")
_SSH: Final = re.compile(r"\bssh\b")
_FILE: Final = re.compile(r"# ([\w./-]+\.(?:py|toml|json|sh|csv))")
_BLOCKS_ALONE: Final = MarkdownIt("commonmark").disable("inline")
"""What stands within paragraphs takes most of the time, and has no blocks."""


@dataclass(frozen=True, slots=True)
class Block:
    """A code block: its language, what is in it, and the line of the page where it begins.

    `aside` is why it is not run, `prints` what it is said to print.
    """

    language: str
    code: str
    line: int
    aside: str | None = None
    prints: tuple[str, ...] = ()

    @property
    def first_line(self) -> str:
        """The line that may say what is to be done with the block."""
        return self.code.partition("\n")[0].strip()

    @property
    def file(self) -> str | None:
        """The file that it is."""
        found = _FILE.fullmatch(self.first_line)
        return found[1] if found else None


@dataclass(frozen=True, slots=True)
class Write:
    """A block is saved as a file."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Script:
    """Blocks are pasted into a file one after the other, and it is run by apvpython."""

    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Terminal:
    """A block is typed into a terminal; `beside` if it goes on there while the reader does what comes next."""

    block: Block
    beside: bool

    @property
    def serves(self) -> bool:
        """Whether it ends in a server that clients connect to, which runs until it is interrupted."""
        last = self.block.code.strip().splitlines()[-1]
        return self.beside and "apvserver" in last and not {"--reverse-connection", "-rc"} & set(last.split())


Step = Write | Script | Terminal


@functools.cache
def blocks_of(text: str) -> tuple[Block, ...]:
    """Return the blocks of a page. Raises AssertionError for code by indentation, which says no language."""
    found: list[Block] = []
    aside: str | None = None
    below = False
    for token in _BLOCKS_ALONE.parse(text):
        line = (token.map or [0])[0] + 1
        assert token.type != "code_block", f"line {line}: code by indentation; fence it, and say its language"
        if token.type == "fence":
            if below and token.info == "text":
                found[-1] = replace(found[-1], prints=tuple(token.content.splitlines()))
            found.append(Block(token.info.strip(), token.content, line, aside))
        below = token.type == "fence" and token.info in ("python", "bash")
        told = _ASIDE.fullmatch(token.content.strip()) if token.type == "html_block" else None
        aside = told[1] if told else None
    return tuple(found)


def steps(blocks: Sequence[Block]) -> Iterator[Step]:
    """Yield what a reader does with these blocks, in order."""
    script: list[Block] = []
    for block in blocks:
        if block.aside or block.language not in ("python", "bash", "toml", "json"):
            continue
        if block.file:
            yield Write(block.file, block.code)
        elif block.language == "python":
            script.append(block)
        elif block.language == "bash":
            if script:
                yield Script(tuple(script))
                script = []
            yield Terminal(block, beside=block.first_line.startswith(OWN_TERMINAL))
    if script:
        yield Script(tuple(script))


def over_ssh(step: Step) -> bool:
    """Whether it goes to another machine by ssh."""
    codes = [step.block.code] if isinstance(step, Terminal) else []
    codes += [block.code for block in step.blocks] if isinstance(step, Script) else []
    return any(_SSH.search(code) for code in codes)


def missing(expected: tuple[str, ...], printed: str) -> list[str]:
    """Return the lines that should have been printed and were not; `...` stands for anything."""
    lines = printed.splitlines()

    def there(line: str) -> bool:
        pattern = ".*".join(map(re.escape, line.strip().split("...")))
        return any(re.fullmatch(pattern, one.strip()) for one in lines)

    return [line for line in expected if line.strip() and not there(line)]
