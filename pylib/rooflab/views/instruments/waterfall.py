"""Bars that float in the rows of a table: a chart that is its own table of numbers."""

from rooflab.views.markup import element

__all__ = ["bar", "key", "waterfall"]


def bar(class_, start, end):
    """Make a segment of a row from `start` to `end`, fractions of the width in either order; cut at both edges."""
    left, right = sorted(min(max(each, 0.0), 1.0) for each in (start, end))
    return element("i", class_=class_, style=f"left:{left:.2%};width:{right - left:.2%}")


def waterfall(caption, header, rows, *, mark=None):
    """Make a table whose second column draws bars to scale.

    Each row is (name, segments, cells) with an optional class; `mark` is the place of a line down
    the whole column, a fraction of its width.
    """
    line = None if mark is None else element("b", class_="rp-line", style=f"left:{mark:.2%}")
    return element(
        "div",
        element(
            "table",
            element("caption", caption, class_="rp-unseen"),
            element("thead", element("tr", *(element("th", words, scope="col") for words in header))),
            element("tbody", *(_row(line, *row) for row in rows)),
            class_="rp-kernels rp-waterfall",
        ),
        class_="rp-scroll",
        tabindex="0",
        role="region",
        aria_label=caption,
    )


def _row(line, name, segments, cells, class_=None):
    return element(
        "tr",
        element("th", name, scope="row"),
        element("td", *segments, line, class_="rp-lane"),
        *(element("td", cell) for cell in cells),
        class_=class_,
    )


def key(items):
    """Name the colours and patterns of bars; each item is a class and words."""
    return element(
        "ul",
        *(element("li", element("i", class_=f"rp-swatch {class_}", aria_hidden="true"), words) for class_, words in items),
        class_="rp-key",
    )
