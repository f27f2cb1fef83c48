"""Grids as axes: every design has its place, and a sweep over axes gives what each design gives alone."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rooflab.axes import axes_of
from rooflab.evaluate import evaluate, kind_of, sweep
from rooflab.lab.setting import setting
from rooflab.tracks import TRACKS

MISSIONS = [(track.id, part.number) for track in TRACKS for part in track.parts if part.mission]
FIELDS = st.sampled_from([["a"], ["bf16", "int8"], [1, 2, 4, 8], [0.5, 0.25, 1.0], [True, False]])


@st.composite
def columns(draw):
    """Draw a grid of a few values for each field in any order, some of them more than once."""
    fields = {f"field_{number}": np.array(draw(FIELDS)) for number in range(draw(st.integers(1, 4)))}
    spanned = np.indices([len(each) for each in fields.values()]).reshape(len(fields), -1)
    repeated = np.concatenate([np.arange(spanned.shape[1]), draw(st.lists(st.integers(0, spanned.shape[1] - 1)).map(np.array)).astype(int)])
    order = np.array(draw(st.permutations(range(len(repeated)))))
    return {name: values[places][repeated[order]] for (name, values), places in zip(fields.items(), spanned, strict=True)}


@given(columns(), st.integers(1, 100))
def test_every_design_is_found_at_its_place(grid, most):
    axes = axes_of(grid)

    spanned = {name: np.empty(axes.shape, each.dtype) for name, each in grid.items()}
    seen = np.zeros(axes.shape, int)
    for place, values in axes.blocks(most):
        assert np.prod(np.broadcast_shapes(*(each.shape for each in values.values()))) <= most
        seen[place] += 1
        for name, each in values.items():
            spanned[name][place] = each

    assert (seen == 1).all()
    for name, each in grid.items():
        assert np.array_equal(spanned[name].ravel()[axes.places], each)


def test_a_value_that_no_sample_meets_has_its_place():
    column = np.zeros(100_000)
    column[77_777] = 3.0

    axes = axes_of({"field": column})

    assert list(axes.values["field"]) == [0.0, 3.0]
    assert np.flatnonzero(axes.places).tolist() == [77_777]


@pytest.mark.parametrize(
    "grid",
    [
        {},
        {"a": np.array([])},
        {"a": np.arange(300)},  # more values than an axis may have
        {"a": np.arange(200), "b": np.arange(200)},  # 200 designs on a line span 40,000
    ],
    ids=["nothing varies", "no design", "many values", "a line"],
)
def test_designs_that_are_no_grid_have_no_axes(grid):
    assert axes_of(grid) is None


@pytest.mark.parametrize(("track", "part"), MISSIONS)
def test_a_sweep_gives_what_each_design_gives_alone(track, part):
    place = setting(track, part, 0)
    mission, controls = place.mission, place.part.controls
    sizes = [len(each.space) for each in controls]
    chosen = np.random.default_rng(7).permutation(int(np.prod(sizes)))
    places = np.unravel_index(np.concatenate([chosen, chosen[:100]]), sizes)
    grid = mission.baseline.replace(**{each.id: np.asarray(each.space)[at] for each, at in zip(controls, places, strict=True)})
    figures = kind_of(mission.scenario).figures

    found = sweep(mission.scenario, grid, figures=figures)

    for number in (*range(5), *range(-5, 0)):
        alone = evaluate(mission.scenario, grid.replace(**{each.id: getattr(grid, each.id)[number].item() for each in controls}))
        assert {name: found[name][number] for name in figures} == pytest.approx({name: float(getattr(alone, name)) for name in figures}, rel=1e-12, nan_ok=True)
