"""What a reading of the loop says of the diagnosis: a traced slow frame decides, or an experiment that rules a suspect out."""

from rooflab.facts.vehicle import CLOCK_DROP, CORE_TAKEN, CROWDED_BOXES, GPU_TAKEN, PAGE_FAULT
from rooflab.specs import Design, Spike, Testimony
from rooflab.systems.vehicle.stages import GPU_STAGES, STAGE_IDS
from rooflab.tracks.evidence.exhibit import Exhibit, testimony
from rooflab.tracks.evidence.shows import shown_by
from rooflab.units import format_reading

__all__ = ["diagnosis_says"]

SUSPECTS = (PAGE_FAULT, CLOCK_DROP, GPU_TAKEN, CROWDED_BOXES, CORE_TAKEN)
NAMES = {
    PAGE_FAULT.id: "page faults",
    CLOCK_DROP.id: "the drop of the clock",
    GPU_TAKEN.id: "the other process on the GPU",
    CROWDED_BOXES.id: "the crowd of boxes",
    CORE_TAKEN.id: "the other process on the core",
}
TAIL = {"misses": "miss_fraction", "seen": "chance_seen_fraction", "p999": "p999_s"}
SATURATES = "seen"
TRACED = {"trace-waiting": True, "trace-running": False}
"""Readings of a traced frame against the typical one, and whether the stage waits."""

LATE_FRACTION = 0.5  # of the deadline: a stage that is longer by less is not what makes the frame slow
GONE_FRACTION = 0.5  # of what it was at the start; a cure takes nearly all of it away


def diagnosis_says(exhibit: Exhibit) -> Testimony:
    """Return what a reading says of the suspects."""
    if exhibit.instrument in TRACED:
        return _traced(exhibit)
    if exhibit.instrument in TAIL:
        return _counted(exhibit)
    shown = shown_by(exhibit.instrument)
    return testimony(f"{exhibit.said} says {shown}, not what makes the slow frames slow.")


def _traced(exhibit: Exhibit) -> Testimony:
    """Weigh by how much longer one stage waits, or runs, in a slow frame."""
    if exhibit.value < LATE_FRACTION * exhibit.at_start.deadline_s:
        return testimony(f"{exhibit.said}: too little to make a frame slow. Look for the stage that differs most.")
    waits = TRACED[exhibit.instrument]
    found = [each.id for each in SUSPECTS if each.waits == waits and exhibit.layer in _stages(each)]
    if not found:
        return testimony(f"{exhibit.said}: no suspect makes this stage {'wait' if waits else 'run longer'}.")
    return testimony(f"{exhibit.said}: {_names(found)} would do that.", supports=tuple(found), contradicts=_but(found))


def _stages(spike: Spike) -> tuple[str, ...]:
    return tuple(STAGE_IDS[GPU_STAGES]) if spike.spreads else (spike.stage,)


def _counted(exhibit: Exhibit) -> Testimony:
    """Weigh the slow frames, counted with one suspect ruled out."""
    shown = shown_by(exhibit.instrument)
    ruled_out = [each.id for each in SUSPECTS if _cured(exhibit.design, each) and not _cured(exhibit.start, each)]
    if not ruled_out:
        return testimony(f"{exhibit.said} says {shown}. It shows that there are slow frames, not why: rule a suspect out and read it again.")
    before = float(getattr(exhibit.at_start, TAIL[exhibit.instrument]))
    if exhibit.instrument == "p999" and before <= exhibit.at_start.deadline_s:
        return testimony(f"{exhibit.said} says {shown}. It met the deadline before, too: the slow frames are too rare for it.")
    words = f"{exhibit.said} with {_names(ruled_out)} ruled out, {format_reading(before, exhibit.unit)} before"
    if exhibit.value > GONE_FRACTION * before:
        if exhibit.instrument == SATURATES:
            return testimony(f"{words}: there are slow frames still, but fewer of them may look the same here.")
        return testimony(f"{words}: the slow frames stay, so it is none of what was ruled out.", contradicts=tuple(ruled_out))
    if len(ruled_out) > 1:
        return testimony(f"{words}: the slow frames go, so it is one of these.", contradicts=_but(ruled_out))
    return testimony(f"{words}: the slow frames go.", supports=tuple(ruled_out), contradicts=_but(ruled_out))


def _cured(design: Design, spike: Spike) -> bool:
    field, *cures = spike.cured_by
    return getattr(design, field) in cures


def _but(ids: list[str]) -> tuple[str, ...]:
    return tuple(each.id for each in SUSPECTS if each.id not in ids)


def _names(ids: list[str]) -> str:
    return " and ".join(NAMES[each] for each in ids)
