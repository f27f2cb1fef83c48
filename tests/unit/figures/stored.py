"""The figures of one version of the model, as they are stored to notice any later change.

A new version of the model adds a file and changes none: `PYTHONPATH=pylib python -m tests.unit.figures.stored` from the
root of the repository writes the figures of the version in rooflab/lab/model_version.py. Designs are stored as the
values of their fields, outcomes as the figures that a sweep may be asked for.
"""

from __future__ import annotations

import json
import math
import random
import sys
from collections.abc import Iterator, Sequence
from dataclasses import fields
from pathlib import Path

from rooflab.errors import LabError
from rooflab.evaluate import BOUNDS, KINDS, Kind, evaluate
from rooflab.lab.ledger.model_version import MODEL
from rooflab.lab.setting import Setting, optimum, setting
from rooflab.measured.predict import predict_rows
from rooflab.measured.rows import published_rows
from rooflab.specs import Control, Design
from rooflab.tracks import TRACKS

__all__ = ["KEYS", "Names", "differences", "drawn_designs", "names_of", "path_of", "place_figures", "predictions"]

VARIANTS = (0, 1, 2)
DRAWN = 3
RELATIVE = 1e-9
DIGITS = 12  # as many as are stored: far finer than what is compared
KEYS = tuple((track.id, part.number, variant) for track in TRACKS for part in track.parts for variant in VARIANTS)
Names = dict[str, list[str]]
"""Fields of a design and figures of an outcome, in the order in which their values are stored."""


def path_of(version: str) -> Path:
    """Return the file of a version of the model."""
    return Path(__file__).parent / f"model-{version}.json"


def names_of(kind: Kind) -> Names:
    """Return the names of the fields of a design and of the figures of an outcome."""
    return {"fields": [each.name for each in fields(kind.design)], "figures": list(kind.figures)}


def place_figures(key: tuple[str, int, int], drawn: Sequence[Design], names: Names) -> dict[str, object]:
    """Return what the model says of a part in one variant: its answers, its best design, and outcomes of some designs.

    `drawn` are the designs beside the one that the learner starts from, and the best one or the reference; `names` are
    those of the fields and figures to be told.
    """
    place = setting(*key)
    questions = (*place.part.questions, *((place.part.diagnosis,) if place.part.diagnosis else ()))
    said = {"kind": place.start.kind, "answers": [place.answer(each) for each in questions]}
    designs = {"crisis": place.start}
    if place.mission is None:
        designs["reference"] = place.scenario.reference
    else:
        found = optimum(*key)
        said |= {"value": found.value, "feasible": found.feasible_count, "designs": found.designs_count}
        designs |= {f"best {at}": each for at, each in enumerate(found.best)}
        designs["tempting"] = place.mission.tempting
    designs |= {f"drawn {at}": each for at, each in enumerate(drawn)}
    return said | {"outcomes": {name: _outcome(place, each, names) for name, each in designs.items()}}


def drawn_designs(key: tuple[str, int, int]) -> list[Design]:
    """Draw a few designs of a part, the same ones every time."""
    place, rng = setting(*key), random.Random(repr(key))
    return [
        place.start.replace(**{each.id: rng.choice(_stops(each)) for each in place.part.controls}) for _ in range(DRAWN)
    ]


def predictions() -> dict[str, float]:
    """Return the prediction of every published row that ships with the package."""
    return predict_rows(published_rows())[0]


def differences(stored: object, present: object, where: str = "") -> Iterator[str]:
    """Yield where two structures differ: numbers by more than 1e-9 of them, all else at all."""
    if isinstance(stored, dict) and isinstance(present, dict) and stored.keys() == present.keys():
        for name in stored:
            yield from differences(stored[name], present[name], f"{where}/{name}")
    elif isinstance(stored, list) and isinstance(present, list) and len(stored) == len(present):
        for at, (before, now) in enumerate(zip(stored, present, strict=True)):
            yield from differences(before, now, f"{where}/{at}")
    elif isinstance(stored, float) and isinstance(present, float):
        if not math.isclose(stored, present, rel_tol=RELATIVE, abs_tol=0.0):
            yield f"{where}: {stored} was stored, {present} is computed"
    elif stored != present or type(stored) is not type(present):
        yield f"{where}: {stored!r} was stored, {present!r} is computed"


def _outcome(place: Setting, design: Design, names: Names) -> dict[str, object]:
    """Return a design and its figures, or how it was refused."""
    told = {"design": [getattr(design, each) for each in names["fields"]]}
    try:
        outcome = evaluate(place.scenario, design)
    except LabError as error:
        return told | {"refused": type(error).__name__}
    return told | {"figures": [_plain(each, getattr(outcome, each)) for each in names["figures"]]}


def _plain(name: str, value: object) -> object:
    if name == "bound":
        return BOUNDS[int(value)]
    if name in ("fits", "feasible"):
        return bool(value)
    return float(value) if math.isfinite(value) else str(value)


def _stops(control: Control) -> list[str | float]:
    """Return every value that a control offers, of a range its ends and the powers of two between."""
    if control.choices or control.values or control.chain:
        return list(control.space)
    powers = (2**each for each in range(int(control.maximum).bit_length()))
    return sorted({control.minimum, control.maximum, *(each for each in powers if each >= control.minimum)})


def _rounded(value: object) -> object:
    if isinstance(value, dict):
        return {name: _rounded(each) for name, each in value.items()}
    if isinstance(value, list):
        return [_rounded(each) for each in value]
    return float(f"{value:.{DIGITS}g}") if isinstance(value, float) else value


def _text(found: dict[str, object]) -> str:
    """Write an object with a line for each member, and one for each member of its objects."""
    lines = []
    for name, value in found.items():
        if isinstance(value, dict):
            inner = ",\n".join(f"{json.dumps(key)}: {json.dumps(each, separators=(',', ':'))}" for key, each in value.items())
            lines.append(f"{json.dumps(name)}: {{\n{inner}\n}}")
        else:
            lines.append(f"{json.dumps(name)}: {json.dumps(value)}")
    return "{\n" + ",\n".join(lines) + "\n}\n"


def main() -> int:
    """Store the figures of the present version, unless there are some."""
    path = path_of(MODEL.version)
    if path.exists():
        print(f"{path.name} is there already. Raise the version in rooflab/lab/model_version.py; stored figures stay.")
        return 1
    names = {each.id: names_of(each) for each in KINDS}
    found = {
        "version": MODEL.version,
        "digest": MODEL.digest,
        "kinds": names,
        "places": {
            " ".join(map(str, key)): place_figures(key, drawn_designs(key), names[setting(*key).start.kind])
            for key in KEYS
        },
        "predictions": predictions(),
    }
    path.write_text(_text(_rounded(found)), encoding="utf-8")
    print(f"{path.name}: {len(KEYS)} places, {path.stat().st_size / 1e3:.0f} kB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
