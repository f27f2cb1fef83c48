"""Numbers of the whole model, the same program under CPython and inside Pyodide."""

import json
from dataclasses import fields, is_dataclass
from enum import Enum

import numpy as np

from rooflab.evaluate import Design, error_band, evaluate, formulas, kind_of, sweep, timeline
from rooflab.measured.predict import predict_rows
from rooflab.measured.rows import published_rows
from rooflab.specs import Source, Sourced
from rooflab.tracks import TRACKS

VARIANTS = (0, 1)
MOST_DESIGNS = 256


def numbers():
    """Return every number by a name that says where it comes from; runs in any interpreter."""
    predictions, gaps = predict_rows(published_rows())
    found = {f"predicted {name}": value for name, value in predictions.items()}
    found["gaps"] = len(gaps)
    for track in TRACKS:
        for variant in VARIANTS:
            for name, value in _of_track(track, variant):
                found[f"{track.id} {variant} {name}"] = value
    return found


def _of_track(track, variant):
    scenario = track.scenario(variant)
    for name in ("crisis", "reference"):
        if (design := getattr(scenario, name)) is not None:
            yield from _of_design(scenario, design, name)
    for part in track.parts:
        if part.mission is None:
            continue
        mission = part.mission(variant)
        where = f"part {part.number}"
        for name in ("baseline", "tempting"):
            if isinstance(design := getattr(mission, name), Design):
                yield from _of_design(mission.scenario, design, f"{where} {name}")
        grid = mission.baseline.replace(**_grid(part.controls))
        figures = sweep(mission.scenario, grid, figures=kind_of(mission.scenario).figures)
        for name, values in figures.items():
            yield f"{where} grid {name}", _plain(values)


def _of_design(scenario, design, name):
    outcome = evaluate(scenario, design)
    yield from _flat(outcome, f"{name} outcome")
    yield from _flat(timeline(scenario, design, outcome), f"{name} timeline")
    yield from _flat(error_band(scenario, design, outcome), f"{name} band")
    yield f"{name} formulas", len(formulas(scenario, design, outcome))


def _grid(controls):
    """Return columns of designs spread evenly over the whole space of the controls."""
    sizes = [len(each.space) for each in controls]
    whole = int(np.prod(sizes))
    count = min(whole, MOST_DESIGNS)
    places = np.unravel_index(np.arange(count) * whole // count, sizes)
    return {each.id: np.asarray(each.space)[place] for each, place in zip(controls, places, strict=True)}


def _flat(value, name):
    if is_dataclass(value) and not isinstance(value, Source | Sourced | Design):
        for each in fields(value):
            yield from _flat(getattr(value, each.name), f"{name}.{each.name}")
    elif isinstance(value, tuple | list) and any(is_dataclass(each) for each in value):
        for place, each in enumerate(value):
            yield from _flat(each, f"{name}[{place}]")
    elif isinstance(value, bool | int | float | np.ndarray | np.generic) and not isinstance(value, Enum):
        if np.asarray(value).dtype.kind in "bif":
            yield name, _plain(np.asarray(value))


def _plain(values):
    return np.asarray(values, dtype=float).tolist()


def document():
    """Return the numbers as JSON; floats are written so that they read back as they were."""
    return json.dumps(numbers())
