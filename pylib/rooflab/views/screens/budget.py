"""How long the lab takes, for instructors: by track, part and length, and what the figures assume."""

from rooflab.lab.steps.budget import ATTEMPTS_FRACTION, CONTROLS_FRACTION, READING, SENTENCE_WORDS, TASKS, WRITING, part_time_s, track_time_s
from rooflab.lab.steps.modes import MODES
from rooflab.tracks import TRACKS
from rooflab.units import format_fraction
from rooflab.views.markup import element, folded, joined, table

__all__ = ["budget_markup"]


def budget_markup():
    """Write the minutes of every part in every mode, with the plan of the mode in the last line."""
    head = ("Part", *(each.name for each in MODES))
    return joined(
        element("h2", "How long it takes"),
        element("p", "Computed from what is on the screens: every word that is not folded away, read once, and every task done once."),
        folded("Minutes by part", table("Minutes, computed, by part and length", head, [*_rows()], class_="rp-table rp-log"), element("ul", *_assumptions())),
    )


def _rows():
    for track in TRACKS:
        for part in track.parts:
            yield (f"{track.name}, part {part.number}", *(_minutes(part_time_s(track, part.number, each.id)) for each in MODES))
        yield (f"{track.name}, whole", *(_minutes(track_time_s(track, each.id)) for each in MODES))
    yield ("Planned for a track", *(_minutes(each.time_s) for each in MODES))


def _assumptions():
    yield element("li", f"Reading: {READING.source}.")
    yield element("li", f"Writing: {WRITING.source}; assumed: {SENTENCE_WORDS} words a field.")
    times = ", ".join(f"{each.one} {each.time_s:.0f} s" for name, each in TASKS.items() if name != "field")
    yield element("li", f"Assumed for a task: {times}.")
    yield element("li", f"Assumed share of the attempts used: {_shares(ATTEMPTS_FRACTION)}.")
    yield element("li", f"Assumed share of the controls tried beside the experiments: {_shares(CONTROLS_FRACTION)}.")
    yield element("li", "Not counted: what is unfolded, other tabs of the bench, and thinking beyond these times; the extended plan has room for them.")


def _shares(fraction_by_mode):
    return ", ".join(f"{each.name.lower()} {format_fraction(fraction_by_mode[each.id])}" for each in MODES)


def _minutes(time_s):
    return f"{time_s / 60:.0f}"
