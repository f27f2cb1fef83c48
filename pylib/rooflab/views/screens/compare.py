"""The finished tracks beside each other: what changed because of the track."""

from rooflab.model.roofline import BOUNDS
from rooflab.units import format_fraction, format_number
from rooflab.views.markup import element, joined, table

__all__ = ["comparison_markup"]

SMALLEST_SHARE = 0.0005
"""What is less of a step is not named."""


def comparison_markup(comparison):
    """Write the findings as sentences and the columns as a table, one column a track."""
    names = [column.name for column in comparison.columns]
    return element(
        "div",
        element("h2", "What changed because of your track"),
        element("ul", *(element("li", words) for words in comparison.findings)),
        table(
            "Tracks compared: ridge points",
            ("Device", "Track", "FLOP/byte"),
            [
                (ridge.device, column.name, format_number(ridge.ridge_flop_per_byte))
                for column in comparison.columns
                for ridge in column.ridges
            ]
            + ([(comparison.own.device, "Your machine", format_number(comparison.own.ridge_flop_per_byte))] if comparison.own else []),
            class_="rp-table rp-ridges",
        ),
        *(_part(names, parts) for parts in zip(*(column.parts for column in comparison.columns), strict=True)),
        class_="rp-track",
    )


def _part(names, parts):
    rows = [
        ("Bound by", *(part.bound for part in parts)),
        ("Time of a step", *(_shares(part) for part in parts)),
    ]
    if any(part.winner for part in parts):
        rows.append((_told("Best design"), *(f"{part.winner}: {part.value}" for part in parts)))
    rows.append((_told("Yours"), *(part.chosen for part in parts)))
    rows.append((_told("Predictions"), *(_predictions(part) for part in parts)))
    number = parts[0].number
    return joined(
        element("h3", f"{number}. {parts[0].title}"),
        table(f"Part {number}, track by track", ("", *names), rows, class_="rp-table rp-log"),
    )


def _told(words):
    """Head a row that paper leaves out: the track's own part has told it there."""
    return element("span", words, class_="rp-told")


def _shares(part):
    return ", ".join(f"{format_fraction(share)} {bound}" for bound, share in zip(BOUNDS, part.shares, strict=True) if share >= SMALLEST_SHARE)


def _predictions(part):
    known = [each.right for each in part.predictions if each.right is not None]
    return f"{sum(known)} of {len(known)} right"
