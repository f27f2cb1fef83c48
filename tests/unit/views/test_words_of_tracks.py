"""Words of shared instruments on chips of every kind."""

import re

import pytest

from rooflab.evaluate import evaluate, timeline
from rooflab.tracks import TRACKS
from rooflab.views.instruments.profiler import _trace
from rooflab.views.instruments.verdict import headline
from rooflab.views.instruments.roofline import finding

each_track = pytest.mark.parametrize("track", TRACKS, ids=lambda each: each.id)
SUBJECTS = {
    "cloud-titan": "One of 80 layers takes ",  # Llama-3-70B has 80
    "edge-guardian": "Block ",
    "mobile-nomad": "The longest of 11 blocks takes ",  # MobileNetV3-Small has 11
    "tiny-pioneer": "A step of the network takes ",
}


def crisis(track):
    place = track.scenario(0)
    return place, place.crisis, evaluate(place, place.crisis)


@each_track
def test_a_trace_names_what_it_shows_and_no_processor(track):
    words = re.sub("<[^>]+>", " ", _trace(timeline(*crisis(track))))

    assert words.strip().startswith(SUBJECTS[track.id])
    assert not re.search(r"\bGPU\b|\b1 kernels", words)


def test_one_kernel_is_no_plural():
    place = TRACKS[3].scenario(0)
    fused = place.crisis.replace(fusion="11111")

    assert re.search(r"in 1 kernel;", _trace(timeline(place, fused, evaluate(place, fused))))


@pytest.mark.parametrize("stage", ["nms", "plan"])
def test_work_of_the_cores_is_no_start_of_a_kernel(stage):
    _, _, outcome = crisis(TRACKS[1])

    title, detail = finding(outcome, outcome.operators.ids.index(stage))

    assert "of work on the host" in title
    assert detail.startswith("None of its work is done by a kernel")


def test_the_host_s_work_is_counted_where_the_headline_says():
    _, _, outcome = crisis(TRACKS[1])
    cores_s = sum(outcome.operators.time_s[outcome.operators.ids.index(each)] for each in ("nms", "plan"))

    assert outcome.bound_times_s[2] > cores_s > 0.2 * outcome.step_time_s
    assert "of it launch overhead, gaps and host work" in headline(outcome, None)
