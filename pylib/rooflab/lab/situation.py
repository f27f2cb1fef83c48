"""Where a part begins: its facts, what differs from the part before it, and the design that the crisis is measured against."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields

from rooflab.analyses.changes import value_words
from rooflab.evaluate import evaluate
from rooflab.facts.sources import SERVICE_ASSUMPTION
from rooflab.lab.setting import Setting, setting
from rooflab.specs import Confidence, Design, Part, Scenario, Source, Track
from rooflab.units import format_reading

__all__ = ["Compared", "differences", "facts_of", "reference_rows"]

CHOSEN, COMPUTED = "chosen", "computed"
_ABSENT = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """One figure or setting of two systems, in words, and what it rests on: a kind of source, a choice, or the model."""

    name: str
    before: str
    after: str
    basis: str

    @property
    def beside(self) -> str:
        """What it is afterwards, with "assumed" beside it if it is."""
        return f"{self.after}, {self.basis}" if self.basis == Confidence.ASSUMED else self.after


def facts_of(track: Track, part: Part) -> dict[str, str]:
    """Return what stands beside the briefing; the crisis is part 1's, later parts have their own situation."""
    stands = {"Situation": part.situation} if part.situation else {"Crisis": track.crisis}
    return {"Role": track.persona, **stands, "Objective": part.objective}


def differences(place: Setting) -> tuple[Compared, ...]:
    """Return what is different where a part begins from where the part before it began; nothing for part 1."""
    if place.part.number == 1:
        return ()
    earlier = setting(place.track.id, place.part.number - 1, place.variant)
    return tuple(
        each
        for each in (
            *_surroundings(place.track, (earlier.scenario, earlier.start), (place.scenario, place.start)),
            *_paired(_limits(earlier.scenario), _limits(place.scenario)),
        )
        if each.before != each.after
    )


def reference_rows(place: Setting) -> tuple[Compared, ...]:
    """Lay the reference beside the crisis: every setting, then what the targets hold; nothing where there is none."""
    scenario, start, reference = place.scenario, place.start, place.scenario.reference
    if not scenario.reference_name:
        return ()
    now, then = evaluate(scenario, start), evaluate(scenario, reference)
    own = {each.label for each in place.part.controls}
    return (
        *(
            each
            for each in _surroundings(place.track, (scenario, start), (scenario, reference))
            if each.name in own or each.before != each.after
        ),
        *(
            Compared(
                name=each.target.name,
                before=format_reading(each.value, each.target.unit),
                after=format_reading(other.value, each.target.unit),
                basis=COMPUTED,
            )
            for each, other in zip(now.targets, then.targets, strict=True)
        ),
    )


def _surroundings(track: Track, before: tuple[Scenario, Design], after: tuple[Scenario, Design]) -> tuple[Compared, ...]:
    """Compare circumstances and settings; what both name is told once."""
    around = _paired(*({name: (words, source) for name, words, source in scenario.circumstances(design)} for scenario, design in (before, after)))
    rows = (*around, *_fields(track, before[1], after[1]))
    return tuple({each.name: each for each in reversed(rows)}.values())[::-1]


def _limits(scenario: Scenario) -> dict[str, tuple[str, Source]]:
    return {
        f"Target: {each.name}": (f"{'at least' if each.at_least else 'at most'} {format_reading(each.limit, each.unit)}", each.source)
        for each in scenario.targets
    }


def _paired(before: Mapping[str, tuple[str, Source]], after: Mapping[str, tuple[str, Source]]) -> Iterator[Compared]:
    for name in dict.fromkeys((*before, *after)):
        (earlier, _), (later, _) = (each.get(name, (_ABSENT, None)) for each in (before, after))
        _, source = after.get(name) or before[name]
        yield Compared(name=name, before=earlier, after=later, basis=_basis(source))


def _basis(source: Source) -> str:
    return str(Confidence.ASSUMED if source.assumed else source.kind)


def _fields(track: Track, before: Design, after: Design) -> Iterator[Compared]:
    """Compare the fields of two designs in the words of whichever part controls them."""
    controls = {each.id: each for part in track.parts for each in part.controls}
    for each in fields(after):
        control = controls.get(each.name)
        if control is not None:
            yield Compared(
                name=control.label,
                before=value_words(control, getattr(before, each.name)),
                after=value_words(control, getattr(after, each.name)),
                basis=CHOSEN if control.choices else _basis(SERVICE_ASSUMPTION),
            )
