"""Every colour of the lab: the page, its icon and its figures are all made from this table.

Blue is the machine, red the limit, green a target that is met. The plain colours are for marks and large areas, with a
contrast of 3 or more on paper; those in ink are for text, with 4.5 or more; a wash lies under text. Marks are the same on
light and on dark paper, with 3 or more on both: the glyphs of a figure cannot follow the theme.
"""

__all__ = ["DARK", "LIGHT", "MARKS", "PARTS"]

LIGHT = {
    "ink": "#17212b",
    "ink-2": "#4a5966",
    "paper": "#ffffff",
    "paper-2": "#f2f5f7",
    "line": "#d3dbe1",
    "edge": "#76838e",
    "machine": "#006395",
    "limit": "#cb202d",
    "met": "#008f45",
    "machine-ink": "#006395",
    "limit-ink": "#b81a26",
    "met-ink": "#00713a",
    "machine-wash": "#e6f1f7",
    "limit-wash": "#fcecec",
    "met-wash": "#e6f4ec",
    "on-machine": "#ffffff",
    "on-mark": "#ffffff",
}

DARK = {
    "ink": "#e6ebef",
    "ink-2": "#a9b5bf",
    "paper": "#12181e",
    "paper-2": "#1a222a",
    "line": "#303c47",
    "edge": "#7a8894",
    "machine": "#58b0e0",
    "limit": "#ff7a80",
    "met": "#4cc585",
    "machine-ink": "#6fbde8",
    "limit-ink": "#ff8f94",
    "met-ink": "#5dcf93",
    "machine-wash": "#15303f",
    "limit-wash": "#3a1f23",
    "met-wash": "#15322a",
    "on-machine": "#07141c",
    "on-mark": "#ffffff",
}

MARKS = {
    "memory": "#1478b5",
    "compute": "#8358b8",
    "latency": "#9a6b00",
    "link": "#6b7780",
    "chosen": "#cb202d",
}
"""What limits an operator, and the one that is chosen."""

PARTS = (MARKS["memory"], MARKS["compute"], "#008f45", MARKS["latency"], MARKS["link"], "#2f8f9d")
"""The parts of a whole, in order."""
