"""The digest that ledgers name is that of the model's numbers, and no other version has it."""

import hashlib
import json
from pathlib import Path

import numpy as np
import pytest

from rooflab.analyses.tiles import best_tiles
from rooflab.errors import LabError
from rooflab.evaluate import evaluate
from rooflab.lab.instruments import PROFILER, ROOFLINE
from rooflab.lab.ledger.model_version import MODEL, SAME_MODELS
from rooflab.lab.readings import figures, reading
from rooflab.lab.setting import demand_answer, optimum, setting
from rooflab.tracks import TRACKS
from tests.unit.machine.derived import derived

INPUTS = Path(__file__).parents[2] / "inputs"
VARIANTS = (0, 1, 2)
RANGE_STOPS = 4
DIGITS = 9  # as far as a replay looks; what differs below is the rounding of another machine


def outcomes():
    """Yield a line for each number that entries derive from, over designs of every control of every part."""
    for track in TRACKS:
        for part in track.parts:
            for variant in VARIANTS:
                place = setting(track.id, part.number, variant)
                where = f"{track.id} {part.number} {variant}"
                for line in (*answers(place), *end(place)):
                    yield f"{where} {line}"
                for name, design in designs(place):
                    for line in numbers(place, design):
                        yield f"{where} {name} {line}"


def answers(place):
    diagnosis = place.part.diagnosis
    for each in (*place.part.questions, *((diagnosis,) if diagnosis else ())):
        yield f"{each.id} {place.answer(each)}"


def end(place):
    """Yield what the whole space of designs says: the best design, and the answer to the demand."""
    if place.mission is None:
        return
    found = optimum(*place.key)
    yield f"best {shown(found.value)} {found.feasible_count} {found.designs_count} {json.dumps(found.best[0].to_json())}"
    if place.part.tiling:
        yield f"tiles {shown(best_tiles(place.part.tiling(place.scenario, place.start)).best.kernel_s)}"
    if place.part.demand:
        answer = demand_answer(*place.key)
        yield f"demand {shown(answer.best_factor)} {' '.join(answer.right)}"


def designs(place):
    """Yield the start, the tempting design, and one design for each other value of each control."""
    yield "start", place.start
    if place.mission is not None:
        yield "tempting", place.mission.tempting
    for control in place.part.controls:
        for value in values(control):
            yield f"{control.id}={value}", place.start.replace(**{control.id: value})


def values(control):
    if control.chain:
        return [each.id for each in control.choices]
    if control.choices or control.values:
        return control.space
    stops = np.geomspace(max(control.minimum, 1), control.maximum, RANGE_STOPS)
    return sorted({control.minimum, *map(int, np.round(stops))})


def numbers(place, design):
    try:
        outcome = evaluate(place.scenario, design)
    except LabError:
        yield "refused"
        return
    for name, value in figures(place.part, place.mission, outcome).items():
        yield f"{name} {shown(value)}"
    # The bus follows from bytes and times that are here; designs do not keep it.
    gauges = [each.id for each in place.part.gauges if each.quantity != "bus_busy_fraction"]
    for instrument, layer in (
        *((each, "") for each in (*gauges, PROFILER)),
        *((ROOFLINE, each) for each in outcome.operators.ids),
    ):
        yield f"{instrument} {layer} {shown(reading(place.scenario, place.part, design, instrument, layer, outcome=outcome).value)}"


def shown(value):
    return f"{float(value):.{DIGITS}g}"


@pytest.fixture(scope="module")
def lines():
    return list(outcomes())


@pytest.fixture(scope="module")
def machine_lines():
    return [f"your-machine {name} {shown(value) if isinstance(value, float) else value}" for name, value in derived()]


def digest_of(lines):
    return f"sha256:{hashlib.sha256(chr(10).join(lines).encode()).hexdigest()}"


def test_the_digest_is_that_of_the_models_numbers(lines, machine_lines):
    found = digest_of([*lines, *machine_lines])

    assert found == MODEL.digest, (
        "Numbers of the model changed. In rooflab/lab/ledger/model_version.py raise the version and write the "
        f"digest {found}, so that ledgers made before are told from ledgers that were changed."
    )


@pytest.mark.parametrize("same", SAME_MODELS, ids=lambda each: each.version)
def test_a_model_that_knew_no_machine_is_the_same_as_long_as_the_tracks_are(same, lines):
    assert digest_of(lines) == same.digest, f"Numbers of the tracks changed: take version {same.version} out of SAME_MODELS."


def test_what_is_derived_of_a_machine_is_in_the_digest(machine_lines):
    held = {line.split()[2] for line in machine_lines}

    assert held == {"cost", "levels", "figure", "predicted", "answer", "card", "jitter", "heat", "reference"}
    assert len(machine_lines) == len(set(machine_lines)) > 300


def test_every_track_and_part_is_in_the_digest(lines):
    held = {tuple(line.split()[:2]) for line in lines}

    assert held == {(track.id, str(part.number)) for track in TRACKS for part in track.parts}
    assert len(lines) > 10_000


def test_a_version_is_never_used_for_two_digests():
    named = {MODEL.version: {MODEL.digest}}
    for path in INPUTS.glob("model-*.json"):
        for each in json.loads(path.read_text(encoding="utf-8"))["models"]:
            named.setdefault(each["version"], set()).add(each["digest"])

    assert [version for version, digests in named.items() if len(digests) > 1] == []
