"""Two cards of two columns: what changed since the part before, and the reference beside the crisis."""

from rooflab.units import counted
from rooflab.views.markup import element, folded, joined, table
from rooflab.views.widgets import text

__all__ = ["changed_card", "reference_card"]


def changed_card(part_number, rows):
    """Say in how many points the part begins elsewhere than the one before it began; the table unfolds."""
    earlier = f"part {part_number - 1}"
    return _card(
        f"What changed since {earlier}",
        None,
        counted(len(rows), "difference"),
        table(
            f"Where {earlier} and part {part_number} begin",
            ("", f"Part {part_number - 1}", f"Part {part_number}", "From"),
            [(each.name, each.before, each.after, each.basis) for each in rows],
            class_="rp-table rp-log",
        ),
    )


def reference_card(name, rows):
    """Say what the crisis is measured against: in a sentence what differs and what it reaches; the table unfolds."""
    differing = [each for each in rows if each.before != each.after]
    words = "; ".join(f"{each.name} {each.beside}" for each in differing)
    return _card(
        name,
        f"Where it differs from the crisis: {words}.",
        "All of it beside the crisis",
        table(
            f"{name} beside the crisis",
            ("", "Crisis", "Reference", "From"),
            [(each.name, each.before, each.after, each.basis) for each in rows],
            class_="rp-table rp-log",
        ),
    )


def _card(title, words, summary, unfolded):
    return text(
        joined(element("h3", title), element("p", words) if words else None, folded(summary, unfolded)),
        "rp-card",
        "rp-comparison",
    )
