"""The parts of a static figure: its frame with a title and words, and places along an axis.

Colours are classes, so that theme, paper and forced colours decide them; nothing here has a size in pixels but the box
that it is drawn in, and the page scales that.
"""

import math

from rooflab.views.markup import element, in_picture

__all__ = ["bar", "circle", "label", "line", "log_place", "path", "picture", "place_between"]


def picture(title, words, width, height, *drawn):
    """Frame a figure; `words` say what it shows to who does not see it."""
    return element(
        "figure",
        element(
            "svg",
            *drawn,
            viewBox=f"0 0 {width} {height}",
            role="img",
            aria_label=f"{title}. {words}",
            class_="rp-picture",
        ),
        element("figcaption", title),
        class_="rp-drawn",
    )


def place_between(value, ends, along):
    """Return where a value stands between two places, kept inside them.

    >>> place_between(5.0, (0.0, 10.0), (100.0, 200.0)), place_between(20.0, (0.0, 10.0), (100.0, 200.0))
    (150.0, 200.0)
    """
    low, high = ends
    share = (value - low) / (high - low) if high > low else 0.5
    return along[0] + min(max(share, 0.0), 1.0) * (along[1] - along[0])


def log_place(value, ends, along):
    """Return where a value stands on a logarithmic axis, kept inside it.

    >>> log_place(10.0, (1.0, 100.0), (0.0, 200.0))
    100.0
    """
    return place_between(math.log10(max(value, ends[0])), tuple(map(math.log10, ends)), along)


def path(points, class_):
    """Join points by lines."""
    steps = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    return element("polyline", points=steps, class_=class_)


def line(start, end, class_):
    """Draw a line from one point to another."""
    return path((start, end), class_)


def circle(x, y, radius, class_):
    """Draw a dot."""
    return element("circle", cx=f"{x:.1f}", cy=f"{y:.1f}", r=f"{radius:g}", class_=class_)


def bar(x, y, width, height, class_):
    """Draw a bar from its upper left corner."""
    return element("rect", x=f"{x:.1f}", y=f"{y:.1f}", width=f"{width:.1f}", height=f"{height:g}", class_=class_)


def label(x, y, words, class_="rp-fig-words", anchor="start"):
    """Write words at a place."""
    return element("text", in_picture(words), x=f"{x:.1f}", y=f"{y:.1f}", text_anchor=anchor, class_=class_)
