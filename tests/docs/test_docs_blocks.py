"""Every code block of the pages says what it is, and those that are not run say why; nothing is executed here."""

from __future__ import annotations

import ast
import json
import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest

from ..harness.page_blocks import LANGUAGES, PAGES, ROOT, Block, Script, Terminal, Write, blocks_of, missing, steps

BLOCKS = {page: blocks_of(page.read_text(encoding="utf-8")) for page in PAGES}
ASIDES = 10
"""How many blocks are not run, at most. Whoever adds one finds out first whether it cannot be run after all."""


def test_every_block_says_its_language() -> None:
    unknown = [(page.name, one.line, one.language) for page in PAGES for one in BLOCKS[page]]
    assert [found for found in unknown if found[2] not in LANGUAGES] == []


def test_few_blocks_are_not_run() -> None:
    asides = [f"{page.name}:{one.line}: {one.aside}" for page in PAGES for one in BLOCKS[page] if one.aside]
    assert len(asides) <= ASIDES, "\n".join(asides)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_what_is_not_run_is_right_as_well(page: Path) -> None:
    for block in BLOCKS[page]:
        if block.language == "python":
            compile(block.code, page.name, "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT, dont_inherit=True)
        elif block.language == "toml":
            tomllib.loads(block.code)
        elif block.language == "json":
            json.loads(block.code)
        elif block.language == "bash" and shutil.which("bash"):
            subprocess.run(["bash", "-n", "-c", block.code], check=True)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_to_what_is_there(page: Path) -> None:
    text = re.sub(r"```.*?```|`[^`\n]*`", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    links = [found.partition("#")[0] for found in re.findall(r"\]\(([^)\s]+)\)", text) if "://" not in found]
    assert [link for link in links if not (page.parent / link).exists()] == []


PAGE = """
```python
one = 1
```

```text
1 of ...
```

<!-- not run by the tests: there is no moon here -->
```bash
fly
```

```python
# sub/two.py
two = 2
```

```python
print(one)
```

```bash
# in a terminal of its own
apvserver -p 0
```

```bash
true
```
"""


def test_what_a_reader_does_with_a_page() -> None:
    first, aside, two, second, server, other = [one for one in blocks_of(PAGE) if one.language != "text"]
    assert first.prints == ("1 of ...",) and aside.aside == "there is no moon here"
    assert list(steps(blocks_of(PAGE))) == [
        Write("sub/two.py", two.code),
        Script((first, second)),
        Terminal(server, beside=True),
        Terminal(other, beside=False),
    ]
    assert Terminal(server, beside=True).serves and not Terminal(other, beside=False).serves


def test_what_is_said_to_be_printed_is_looked_for() -> None:
    assert missing(("1 of ...", "", "end"), "  1 of 3\nat the end\n") == ["end"]
    assert missing((), "anything") == []


def test_code_by_indentation_is_refused() -> None:
    with pytest.raises(AssertionError, match="line 3: code by indentation"):
        blocks_of("Do this:\n\n    make test\n")


def test_a_client_that_waits_serves_nobody() -> None:
    waits = Block("bash", "# in a terminal of its own\napvserver -rc --server-port 22222\n", 1)
    assert not Terminal(waits, beside=True).serves
