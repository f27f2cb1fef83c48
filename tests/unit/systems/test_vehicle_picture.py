"""The picture of a vehicle's loop shows the outcome's stages and the recording's frames, and no more than a tracer sees."""

import numpy as np
import pytest
from tests.unit.systems.test_every_picture import drawn_designs

from rooflab.evaluate import Look, evaluate, picture
from rooflab.lab.setting import setting
from rooflab.systems.vehicle.recording import loop_trace
from rooflab.units import format_count, format_time

each_number = pytest.mark.parametrize("number", [1, 2, 3])


def drawn(number, look=None, **changes):
    place = setting("edge-guardian", number, 0)
    design = place.start.replace(**changes)
    outcome = evaluate(place.scenario, design)
    return place.scenario, design, outcome, picture(place.scenario, design, outcome, look)


def all_drawn(number):
    place = setting("edge-guardian", number, 0)
    for design in drawn_designs(place):
        outcome = evaluate(place.scenario, design)
        yield place.scenario, design, outcome, picture(place.scenario, design, outcome)


@each_number
def test_the_usual_frame_is_that_of_the_outcome(number):
    for _scenario, _design, outcome, made in all_drawn(number):
        usual, stages = made.numbers["usual"], outcome.stages
        course = stages.short if stages.short_fraction[0] > 0.5 else stages.full
        parts = [each["waits_s"] + each["runs_s"] for each in usual["stages"]]

        assert sum(parts) == pytest.approx(float(course.time_s.sum()))
        assert usual["time_s"] == pytest.approx(sum(parts) + float(outcome.wait_s))
        assert all(each["label"].endswith(f" {format_time(part)}") for each, part in zip(usual["stages"], parts, strict=True))
        assert made.pace is None or made.pace.period_s == usual["time_s"] == made.numbers["period_s"]


@each_number
def test_frames_are_those_of_the_recording(number):
    for scenario, design, outcome, made in all_drawn(number):
        recorded = made.numbers["recorded"]
        if outcome.cannot_run:
            assert recorded is None and made.pace is None
            continue
        trace = loop_trace(scenario, design, outcome)

        assert recorded["count"] == design.frames == len(trace.frame_s)
        assert recorded["slow_count"] == len(trace.slow) == int((trace.frame_s > outcome.deadline_s).sum())
        assert set(recorded["slow"]) <= set(trace.slow)
        for each in recorded["frames"]:
            assert each["time_s"] == float(trace.frame_s[each["frame"]])
            assert each["slow"] == (each["frame"] in trace.slow)
            assert (each["label"], each["time_label"]) == (format_count(each["frame"]), format_time(each["time_s"]))
        assert recorded["longest_s"] in [each["time_s"] for each in recorded["frames"]]


def test_another_recording_shows_other_frames():
    _, _, _, first = drawn(1)
    _, _, _, second = drawn(1, Look(recording=2))

    assert first.numbers["recorded"]["frames"] != second.numbers["recorded"]["frames"]


def test_the_inside_of_a_frame_is_seen_by_a_tracer_alone_and_in_the_picked_frame_alone():
    scenario, design, outcome, _ = drawn(1, profiler="on")
    trace = loop_trace(scenario, design, outcome)
    picked = trace.slowest(1)[0]

    untraced = drawn(1, Look(frame=picked))[-1].numbers["recorded"]["frames"]
    unpicked = drawn(1, profiler="on")[-1].numbers["recorded"]["frames"]
    traced = drawn(1, Look(frame=picked), profiler="on")[-1].numbers["recorded"]["frames"]

    assert all(each["stages"] is each["longer_label"] is None for each in (*untraced, *unpicked))
    opened = next(each for each in traced if each["picked"])
    assert [each["frame"] for each in traced if each["stages"]] == [picked]
    assert np.sum(opened["stages"]) == pytest.approx(opened["time_s"])
    assert opened["longer_label"].startswith("Image copy waits ")  # what strikes in variant 0


def test_a_picked_frame_is_in_sight():
    frames = drawn(1, Look(frame=1))[-1].numbers["recorded"]["frames"]

    assert [each["frame"] for each in frames if each["picked"]] == [1]


def test_images_pile_up_where_the_cameras_deliver_more_than_is_taken():
    _, _, outcome, made = drawn(2)
    asked = next(each.target.limit for each in outcome.targets if each.target.quantity == "images_per_s")

    assert made.numbers["backlog"]["grows_per_s"] == pytest.approx(asked - float(outcome.images_per_s))
    for _scenario, _design, other, drawing in all_drawn(2):
        if not other.cannot_run:
            assert (drawing.numbers["backlog"] is None) == (float(other.images_per_s) >= asked)


def test_images_of_a_batch_arrive_one_after_the_other():
    scenario, _, outcome, made = drawn(2, batch=4)

    assert made.numbers["arrivals_s"] == [0, 1 * scenario.rig.image_gap_s, 2 * scenario.rig.image_gap_s, 3 * scenario.rig.image_gap_s]
    assert made.numbers["arrivals_s"][-1] == pytest.approx(float(outcome.wait_s)) == made.numbers["usual"]["batch_wait_s"]


def test_a_sealed_tail_hides_the_recording():
    *_, hidden = drawn(3, Look(hides="p999_s".__eq__))

    assert hidden.numbers["recorded"] is None and "picks" not in hidden.numbers
    assert "p99.9: hidden until scored" in hidden.title
