"""A replay on the page: whether a ledger's numbers come out again, and where they do not."""

from rooflab.lab.replay import TOLERANCE_FRACTION
from rooflab.units import format_fraction
from rooflab.views.markup import element, joined, table

__all__ = ["replay_markup"]

SHOWN_DIGITS = 12


def replay_markup(found, *, edited):
    """Write a replay: its verdict first, then every difference and everything that stands out."""
    return joined(
        element("h3", _verdict(found)),
        element("p", "The file was changed after the lab wrote it.", class_="rp-missing") if edited else None,
        element(
            "p",
            f"{found.entry_count} entries hold {len(found.values)} values, each computed again from the ledger alone; "
            f"values that differ by less than {TOLERANCE_FRACTION:g} of themselves are one value.",
        ),
        _differences(found.differences),
        _findings(found.findings),
        _values(found.values),
    )


def _verdict(found):
    if found.confirmed:
        return "✓ Every number comes out again"
    differing = "1 value differs" if len(found.differences) == 1 else f"{len(found.differences)} values differ"
    standing = "1 entry stands out" if len(found.findings) == 1 else f"{len(found.findings)} entries stand out"
    return f"✗ {differing} and {standing}"


def _differences(differences):
    if not differences:
        return None
    return table(
        "Values that differ",
        ("Entry", "Value", "In the ledger", "Computed again", "Apart"),
        [(str(each.seq), each.name, _value(each.recorded), _value(each.recomputed), _apart(each)) for each in differences],
        class_="rp-table",
    )


def _findings(findings):
    if not findings:
        return None
    return table(
        "Entries that stand out", ("Entry", "Why"), [(str(each.seq), each.words) for each in findings], class_="rp-table rp-log"
    )


def _values(values):
    if not values:
        return None
    rows = [(str(each.seq), each.name, _value(each.recorded), _value(each.recomputed)) for each in values]
    return element(
        "details",
        element("summary", "All values computed again"),
        table("All values", ("Entry", "Value", "In the ledger", "Computed again"), rows, class_="rp-table"),
    )


def _value(value):
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.{SHOWN_DIGITS}g}"
    return value if len(value) <= 24 else f"{value[:20]}…"


def _apart(each):
    return format_fraction(each.difference_fraction) if isinstance(each.recorded, float) else "another value"
