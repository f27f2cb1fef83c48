"""Build HTML from data: text is always escaped, so no learner's word ever becomes markup."""

import re
from functools import lru_cache
from html import escape

__all__ = ["Markup", "element", "folded", "in_picture", "joined", "table"]

VOID = frozenset({"br", "hr", "wbr"})

# A letter or BW, an underscore, a short word: BW_mem, T_waves. Labels of widgets take no markup and have small letters: BWₘₑₘ.
_SUBSCRIPT = re.compile(r"\b(BW|[A-Za-zα-ωΑ-Ω])_([A-Za-z]+|\d)\b")
_SMALL_LETTERS = dict(zip("ₐₑₕₖₗₘₙₒₚₛₜᵢᵣᵤᵥ", "aehklmnopstiruv", strict=True))
_SMALLER = str.maketrans({letter: small for small, letter in _SMALL_LETTERS.items()})
_SMALL = re.compile(f"[{''.join(_SMALL_LETTERS)}]+")


class Markup(str):
    """HTML made by `element`; any other text is escaped when it becomes a child."""

    __slots__ = ()


def element(name, *children, **attributes):
    """Make an element; `class_` stands for class, `aria_label` for aria-label, None is left out."""
    opening = [name]
    for key, value in attributes.items():
        if value is not None:
            opening.append(_attribute(key, str(value)))
    if name in VOID:
        return Markup(f"<{' '.join(opening)}>")
    return Markup(f"<{' '.join(opening)}>{joined(*children)}</{name}>")


def joined(*children):
    """Join children side by side, escaping what is not markup, with symbols' subscripts; None is left out."""
    return Markup("".join([child if type(child) is Markup else _written(str(child)) for child in children if child is not None]))


def _written(words):
    words = escape(words)
    if "_" in words:
        words = _SUBSCRIPT.sub(r"\1<sub>\2</sub>", words)
    if not words.isascii():
        words = _SMALL.sub(lambda found: f"<sub>{''.join(map(_SMALL_LETTERS.get, found[0]))}</sub>", words)
    return words


def in_picture(words):
    """Escape words for a picture, where the element of a subscript would end it: symbols have small letters.

    >>> in_picture("D_vol < O")
    'Dᵥₒₗ &lt; O'
    """
    return Markup(escape(_SUBSCRIPT.sub(lambda found: found[1] + found[2].translate(_SMALLER), words)))


@lru_cache(maxsize=512)
def _attribute(key, value):
    """Write an attribute; nearly all are the names of classes, which are few."""
    return f'{key.rstrip("_").replace("_", "-")}="{escape(value)}"'


def folded(summary, *children):
    """Fold children away under a line that unfolds them."""
    return element("details", element("summary", summary), *children)


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
