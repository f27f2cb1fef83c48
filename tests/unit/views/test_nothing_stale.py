"""Whatever was changed, every instrument shows the design as it now is: as one that is built for that design would."""

import param
import pytest

from rooflab.workbench import make_workbench
from tests.unit.rendered_bench import Rendered, bench_of, every_part

PARTS = every_part()
RIDGE = "own ridge"
SWITCHES = ("profiling", "layers_tabled", "peeking", "sourcing")


def other_value(bench, control):
    """Return a value of a control that is not the present one."""
    now = getattr(bench, control.id)
    if control.chain:
        all_ = ["1" + "0" * (len(control.chain) - 2), "0" * (len(control.chain) - 2) + "1"]
    elif control.choices or control.values:
        all_ = list(bench.param[control.id].objects)
    else:
        all_ = [(control.minimum + control.maximum) // 2, control.minimum + 1]
    return [each for each in all_ if each != now][-1]


def switch(shown, on):
    """Open or close whatever can be opened: modes of the bench, tables of the views."""
    bench = next(iter(shown.views.values())).bench
    bench.param.update(**dict.fromkeys(SWITCHES, on))
    for view in shown.views.values():
        for name, each in view.param.objects().items():
            if isinstance(each, param.Boolean) and not each.constant and name != "in_sight":
                setattr(view, name, on)


def built_for(bench, *, on):
    """Return the instruments of another bench that had this design before they were made."""
    fresh = make_workbench(scenario=bench.scenario, part=bench.part, start=bench.start, mission=bench.mission)
    fresh.take(bench.design())
    fresh.layer = bench.layer
    fresh.notice = bench.notice
    shown = Rendered.of(fresh)
    switch(shown, on)
    return shown


def differences(one, other):
    """Name what two benches show differently; a trail has its own past."""
    return [name for name in one.views if name != "trail" and seen(one, name) != seen(other, name)]


def seen(shown, name):
    """Return what is seen; the axes of a roofline stay as they were made, and with them how high the ridge has its name."""
    found = shown.seen(name)
    if name == "roofline":
        found["plots"] = [{key: value for key, value in each.items() if key not in ("axes", "ranges")} for each in found["plots"]]
        for each in found["plots"]:
            each["labels"] = [(text, place[:1] if text == RIDGE else place, align) for text, place, align in each["labels"]]
    return found


@pytest.mark.parametrize(("track", "number"), PARTS.values(), ids=PARTS)
def test_every_control_changes_every_instrument(track, number):
    stale = []
    bench = bench_of(track, number)
    shown = Rendered.of(bench)
    switch(shown, True)
    for control in bench.part.controls:
        setattr(bench, control.id, other_value(bench, control))
        stale += [f"{control.id}: {each}" for each in differences(shown, built_for(bench, on=True))]

    assert stale == []


@pytest.mark.parametrize(("track", "number"), PARTS.values(), ids=PARTS)
def test_another_layer_changes_every_instrument(track, number):
    bench = bench_of(track, number)
    shown = Rendered.of(bench)
    switch(shown, True)
    stale = []
    for layer in [each for each in bench.outcome().operators.ids if each != bench.layer][::5]:
        bench.layer = layer
        stale += [f"{layer}: {each}" for each in differences(shown, built_for(bench, on=True))]

    assert stale == []


@pytest.mark.parametrize(("track", "number"), PARTS.values(), ids=PARTS)
def test_what_is_opened_late_shows_the_present_and_what_is_closed_shows_nothing(track, number):
    bench = bench_of(track, number)
    shown = Rendered.of(bench)
    closed = {name: seen(shown, name) for name in shown.views}
    control = bench.part.controls[-1]
    first = getattr(bench, control.id)
    setattr(bench, control.id, other_value(bench, control))
    moved = built_for(bench, on=False)
    switch(shown, True)
    opened = differences(shown, built_for(bench, on=True))
    switch(shown, False)
    shut = differences(shown, moved)
    setattr(bench, control.id, first)

    assert opened == []
    assert shut == []
    assert [name for name in closed if name != "trail" and seen(shown, name) != closed[name]] == []


@pytest.mark.parametrize(("track", "number"), PARTS.values(), ids=PARTS)
def test_going_back_to_the_start_shows_the_start(track, number):
    bench = bench_of(track, number)
    shown = Rendered.of(bench)
    switch(shown, True)
    for control in bench.part.controls[:3]:
        setattr(bench, control.id, other_value(bench, control))
    assert bench.design() != bench.start

    bench.restore_start = True

    assert bench.design() == bench.start
    assert {control.id: getattr(bench, control.id) for control in bench.part.controls} == {
        control.id: getattr(bench.start, control.id) for control in bench.part.controls
    }
    assert differences(shown, built_for(bench, on=True)) == []
