"""Write the pages of text beside the lab, from the model's docstrings, facts and measured rows."""

from __future__ import annotations

import sys
from pathlib import Path

from page_markup import Page, text
from paths import PYLIB, ROOT

__all__ = ["write_pages"]

TEMPLATE = ROOT / "build_scripts" / "templates" / "page.html"


def write_pages(folder: Path) -> tuple[Path, ...]:
    """Write model.html, measured.html and glossary.html into `folder`; the same bytes from the same sources."""
    if str(PYLIB) not in sys.path:
        sys.path.insert(0, str(PYLIB))
    from glossary_page import glossary_page
    from measured_page import measured_page
    from model_page import model_page

    pages = (model_page(), measured_page(), glossary_page())
    for each in pages:
        (folder / each.name).write_text(_filled(each, pages), encoding="utf-8")
    return tuple(folder / each.name for each in pages)


def _filled(page: Page, pages: tuple[Page, ...]) -> str:
    others = "\n    ".join(
        f'<a href="{each.name}"{" aria-current=" + chr(34) + "page" + chr(34) if each is page else ""}>{text(each.title)}</a>'
        for each in pages
    )
    contents = "\n".join(f'<li><a href="#{id_}">{text(title)}</a></li>' for id_, title in page.sections)
    filled = TEMPLATE.read_text(encoding="utf-8")
    for name, content in (
        ("title", text(page.title)),
        ("lead", text(page.lead)),
        ("others", others),
        ("contents", contents),
        ("body", page.body),
    ):
        filled = filled.replace(f"<!-- page:{name} -->", content)
    return filled
