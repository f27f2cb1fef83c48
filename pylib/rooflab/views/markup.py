"""Build HTML from data: text is always escaped, so no learner's word ever becomes markup."""

from functools import lru_cache
from html import escape

__all__ = ["Markup", "element", "joined", "table"]

VOID = frozenset({"br", "hr", "wbr"})


class Markup(str):
    """HTML made by `element`; any other text is escaped when it becomes a child."""

    __slots__ = ()


def element(name, *children, **attributes):
    """Make an element; `class_` stands for class, `aria_label` for aria-label, None is left out."""
    opening = [name]
    for key, value in attributes.items():
        if value is not None:
            opening.append(f'{_attribute(key)}="{escape(str(value))}"')
    if name in VOID:
        return Markup(f"<{' '.join(opening)}>")
    return Markup(f"<{' '.join(opening)}>{joined(*children)}</{name}>")


def joined(*children):
    """Join children side by side, escaping what is not markup; None is left out."""
    return Markup(
        "".join(
            [child if type(child) is Markup else escape(str(child)) for child in children if child is not None]
        )
    )


@lru_cache
def _attribute(key):
    return key.rstrip("_").replace("_", "-")


def table(caption, header, rows, *, class_="rp-table"):
    """Make a table whose first column heads each row; it scrolls sideways in its own box."""
    head = element("tr", *(element("th", cell, scope="col") for cell in header))
    body = (
        element("tr", element("th", row[0], scope="row"), *(element("td", cell) for cell in row[1:])) for row in rows
    )
    return element(
        "div",
        element(
            "table", element("caption", caption), element("thead", head), element("tbody", *body), class_=class_
        ),
        class_="rp-scroll",
        tabindex="0",
        role="region",
        aria_label=caption,
    )
