"""Write the colours of the package's one table into what the site shows."""

from __future__ import annotations

import re
import sys
from pathlib import Path

from paths import PYLIB

__all__ = ["colour_in", "colour_site"]

BLOCKS = "/* build:colours */"
COLOURED = (".css", ".html", ".svg", ".webmanifest")


def colour_site(folder: Path) -> None:
    """Fill in every colour that a file of the site names."""
    for path in sorted(folder.rglob("*")):
        if path.suffix in COLOURED:
            path.write_text(colour_in(path.read_text(encoding="utf-8")), encoding="utf-8")


def colour_in(content: str) -> str:
    """Return a text with `{{light.NAME}}` and `{{dark.NAME}}` as colours, and the custom properties in their place."""
    tables = {"light": _palette().LIGHT, "dark": _palette().DARK}
    content = re.sub(r"\{\{(light|dark)\.([a-z0-9-]+)\}\}", lambda found: tables[found[1]][found[2]], content)
    return content.replace(BLOCKS, _blocks()) if BLOCKS in content else content


def _blocks() -> str:
    """CSS cannot share the dark colours between a dark system and a learner who chose dark, so they stand twice."""
    palette = _palette()
    marks = palette.MARKS | {f"part-{place}": colour for place, colour in enumerate(palette.PARTS)}
    light = _block(":root", "light", palette.LIGHT | marks)
    dark = [_block(root, "dark", palette.DARK) for root in (':root:not([data-theme="light"])', ':root[data-theme="dark"]')]
    return f"{light}\n@media screen and (prefers-color-scheme: dark) {{\n{dark[0]}}}\n@media screen {{\n{dark[1]}}}"


def _block(root: str, scheme: str, colours: dict[str, str]) -> str:
    properties = "".join(f"  --rp-{name}: {colour};\n" for name, colour in colours.items())
    return f"{root} {{\n{properties}  color-scheme: {scheme};\n}}\n"


def _palette():
    if str(PYLIB) not in sys.path:
        sys.path.insert(0, str(PYLIB))
    from rooflab.charts import palette

    return palette
