"""Escaped pieces of markup for the pages of text: tables, docstrings, links."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterable
from dataclasses import dataclass
from html import escape

__all__ = ["Page", "Raw", "anchor", "docstring", "link", "section", "table", "text"]


@dataclass(frozen=True)
class Page:
    """A page: its file, its title, one sentence, its sections (id and title) and its markup."""

    name: str
    title: str
    lead: str
    sections: tuple[tuple[str, str], ...]
    body: str


class Raw(str):
    """Markup that is escaped already."""

    __slots__ = ()


def text(words: object) -> str:
    """Return words as text that cannot become markup."""
    return words if isinstance(words, Raw) else escape(str(words), quote=True)


def anchor(words: str) -> str:
    """Return an id made of letters, digits and hyphens."""
    return re.sub(r"[^a-z0-9]+", "-", words.lower()).strip("-")


def link(url: str, words: str) -> Raw:
    """Return a link to a page elsewhere, or plain words where there is no https address."""
    if not url.startswith("https://"):
        return Raw(text(words))
    return Raw(f'<a href="{text(url)}" rel="noreferrer">{text(words)}</a>')


def section(id_: str, title: str, content: str) -> str:
    """Return a section under a heading that can be linked to."""
    return f'<section aria-labelledby="{id_}">\n<h2 id="{id_}">{text(title)}</h2>\n{content}</section>\n'


def table(caption: str, heads: Iterable[str], rows: Iterable[Iterable[object]], *, numbers: Iterable[int] = (), words: Iterable[int] = ()) -> str:
    """Return a table whose first column heads its rows; `numbers` and `words` name columns by place."""
    numbers, words = set(numbers), set(words)

    def attributes(place: int) -> str:
        kind = "number" if place in numbers else "words" if place in words else ""
        return f' class="{kind}"' if kind else ""

    head = "".join(f'<th scope="col"{attributes(place)}>{text(each)}</th>' for place, each in enumerate(heads))
    lines = []
    for row in rows:
        first, *others = row
        cells = "".join(f"<td{attributes(place)}>{text(each)}</td>" for place, each in enumerate(others, 1))
        lines.append(f'<tr><th scope="row">{text(first)}</th>{cells}</tr>')
    body = "\n".join(lines)
    return (
        f'<div class="scrolling" tabindex="0" role="region" aria-label="{text(caption)}">\n<table>\n<caption>{text(caption)}</caption>\n'
        f"<thead><tr>{head}</tr></thead>\n<tbody>\n{body}\n</tbody>\n</table>\n</div>\n"
    )


def docstring(words: str | None) -> str:
    """Return a docstring as paragraphs; worked numbers and indented formulas keep their lines."""
    parts = []
    for block in re.split(r"\n\s*\n", inspect.cleandoc(words or "")):
        lines = block.split("\n")
        if lines[0].startswith((">>>", "    ")):
            parts.append(f"<pre>{text(inspect.cleandoc(block))}</pre>")
        elif lines[0].startswith("Raises:"):
            parts.append(f"<p>{_inline('Raises ' + ' '.join(line.strip() for line in lines[1:]))}</p>")
        else:
            parts.append(f"<p>{_inline(' '.join(line.strip() for line in lines))}</p>")
    return "\n".join(parts) + "\n"


def _inline(words: str) -> str:
    return re.sub(r"``?([^`]+)``?", r"<code>\1</code>", text(words))
