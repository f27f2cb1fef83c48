"""A replay on the page: whether a ledger's numbers come out again, and where they do not."""

from rooflab.lab.classroom.replay import AGREES, DIFFERS, TOLERANCE_FRACTION, verdict_words
from rooflab.lab.ledger.made_with import AUTHORSHIP
from rooflab.units import format_fraction
from rooflab.views.markup import element, folded, joined, table

__all__ = ["replay_markup"]

SHOWN_DIGITS = 12


def replay_markup(found):
    """Write a replay: its verdict first, then every difference and everything that stands out."""
    first, *others = verdict_words(found)
    return joined(
        element("h3", f"{_MARKS.get(found.verdict, '–')} {first}"),
        *(element("p", each, class_="rp-missing") for each in others),
        element(
            "p",
            f"{found.entry_count} entries hold {len(found.values)} values that this model checks, each computed again "
            f"from the ledger alone; values that differ by less than {TOLERANCE_FRACTION:g} of themselves are one value. "
            f"{AUTHORSHIP}",
        ),
        _differences(found.differences),
        _findings("Entries that stand out", found.findings),
        _side_by_side(
            "Not checked: the ledger's numbers beside this model's", "Not checked, side by side", found.unchecked
        ),
        _findings("Not checked, and not computable under this version", found.uncomputed),
        _side_by_side("All values computed again", "All values", found.values),
    )


_MARKS = {AGREES: "✓", DIFFERS: "✗"}


def _differences(differences):
    if not differences:
        return None
    return table(
        "Values that differ",
        ("Entry", "Value", "In the ledger", "Computed again", "Apart"),
        [(str(each.seq + 1), each.name, _value(each.recorded), _value(each.recomputed), _apart(each)) for each in differences],
        class_="rp-table",
    )


def _findings(title, findings):
    if not findings:
        return None
    return table(
        title, ("Entry", "Why"), [(str(each.seq + 1), each.words) for each in findings], class_="rp-table rp-log"
    )


def _side_by_side(summary, title, values):
    if not values:
        return None
    rows = [(str(each.seq + 1), each.name, _value(each.recorded), _value(each.recomputed)) for each in values]
    return folded(summary, table(title, ("Entry", "Value", "In the ledger", "Computed again"), rows, class_="rp-table"))


def _value(value):
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.{SHOWN_DIGITS}g}"
    return value if len(value) <= 24 else f"{value[:20]}…"


def _apart(each):
    return format_fraction(each.difference_fraction) if isinstance(each.recorded, float) else "another value"
