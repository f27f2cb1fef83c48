"""How long the model takes; the same program under CPython and in the lab's worker, where its last line is the answer."""

import json
from time import perf_counter

import numpy as np

from rooflab.evaluate import evaluate, sweep, timeline
from rooflab.systems.earbud.matrix import matrix_layout
from rooflab.systems.glasses.heat import heat_trace
from rooflab.systems.vehicle.recording import loop_trace
from rooflab.tracks import TRACKS

DESIGNS = 100_000
GRIDS, SINGLES = 3, 60
TRACES = {
    "trace": loop_trace,
    "heat": heat_trace,
    "matrix": lambda scenario, design, outcome: matrix_layout(scenario, design),
}


def grid(mission, controls):
    """Return so many designs of a mission's whole space: each so often, or evenly chosen where there are more."""
    sizes = [len(each.space) for each in controls]
    whole = int(np.prod(sizes))
    at = np.arange(DESIGNS)
    places = np.unravel_index(at * whole // DESIGNS if whole > DESIGNS else at % whole, sizes)
    return mission.baseline.replace(**{each.id: np.asarray(each.space)[place] for each, place in zip(controls, places)})


def middle(act, runs):
    """Return the median time of some runs in seconds, after one that does not count."""
    act()
    times = []
    for _ in range(runs):
        began = perf_counter()
        act()
        times.append(perf_counter() - began)
    return sorted(times)[runs // 2]


def grid_s(part):
    """Return how long the figures that rank a mission take over a grid of designs."""
    mission = part.mission(0)
    designs = grid(mission, part.controls)
    figures = ("feasible", mission.objective.quantity, *(quantity for quantity, _ in mission.objective.ties))
    return middle(lambda: sweep(mission.scenario, designs, figures=figures), GRIDS)


def single_s(track, part):
    """Return how long one design takes with all that its instruments draw: outcome, kernels, and the track's own."""
    mission = part.mission(0) if part.mission else None
    scenario = mission.scenario if mission else track.scenario(0)
    design = mission.baseline if mission else scenario.crisis

    def show():
        outcome = evaluate(scenario, design)
        timeline(scenario, design, outcome)
        for each in part.instruments:
            TRACES[each](scenario, design, outcome)

    return middle(show, SINGLES)


def measured():
    """Return milliseconds by track and part."""
    return {
        track.id: {
            "grid": {part.number: 1e3 * grid_s(part) for part in track.parts if part.mission},
            "one": {part.number: 1e3 * single_s(track, part) for part in track.parts},
        }
        for track in TRACKS
    }


json.dumps(measured())
