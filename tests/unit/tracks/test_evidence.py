"""Every reading says something of every claim, and what it says holds: a table over tracks, variants and designs."""

from collections import defaultdict
from functools import lru_cache
from math import isfinite
from pathlib import Path

import numpy as np
import pytest

from rooflab.errors import BadDesign
from rooflab.evaluate import evaluate
from rooflab.lab.instruments import instruments_of
from rooflab.lab.readings import reading
from rooflab.lab.setting import optimum, setting
from rooflab.specs import Bearing, Choice
from rooflab.systems.vehicle.stages import STAGE_IDS
from rooflab.tracks import TRACKS
from rooflab.tracks.cloud_titan.scenario import repaired
from rooflab.tracks.edge_guardian.scenario import cured, long_trace
from rooflab.tracks.evidence.claims import GAIN, Exhibit, diagnosis_testimony, stance_testimony
from rooflab.tracks.evidence.step import binding
from rooflab.tracks.evidence.strategy import carried_by_design
from rooflab.tracks.parts import STANCES
from rooflab.units import format_reading

VARIANTS = (0, 1, 2, 3, 4, 5, 11)
PLACES = [(each.id, number, variant) for each in TRACKS for number in (1, 2, 3) for variant in VARIANTS]
FIRSTS = [each for each in PLACES if each[1] == 1]
TABLE = Path(__file__).parent / "evidence.txt"


def named(key):
    return "-".join(map(str, key))


def stances(part):
    """Return the claims of a reflection as choices."""
    return tuple(Choice(id=each, text=words) for each, words in STANCES[part.number].items())


def diagnoses(part):
    return part.diagnosis.choices


def designs(place):
    """Return designs by name: the start, those that the diagnosis speaks of, and those of the mission."""
    found = {"start": place.start}
    if place.track.id == "cloud-titan" and place.mission is None:
        found["repaired"] = repaired(place.scenario)
    if place.track.id == "edge-guardian" and place.mission is None:
        found |= {f"cured {spike.id}": cured(place.start, spike) for spike in place.scenario.spikes}
    if place.mission:
        found |= {"tempting": place.mission.tempting, "best": optimum(*place.key).best[0]}
    return found


@lru_cache(maxsize=None)
def exhibits(key, name):
    """Return every reading that can be pinned at a design, of the longest layer where it is of one."""
    place = setting(*key)
    design = designs(place)[name]
    outcome = evaluate(place.scenario, design)
    longest = outcome.operators.ids[int(outcome.operators.time_s.argmax())]
    found = []
    for pin in dict.fromkeys(pin for each in instruments_of(place.part) for pin in each.pins(place.part)):
        try:
            read = reading(place.scenario, place.part, design, pin, longest, outcome=outcome)
        except BadDesign:
            continue  # a speed-up that cannot be divided cannot be pinned
        if isfinite(read.value):
            found.append(
                Exhibit(
                    part=place.part, scenario=place.scenario, start=place.start, design=design,
                    instrument=pin, name=read.name, value=read.value, unit=read.unit, layer=read.layer,
                )  # fmt: skip
            )
    return tuple(found)


def traced(key):
    """Return by how much each stage waits and runs longer in the two slowest frames than it does on the whole."""
    place = setting(*key)
    trace, _ = long_trace(place.scenario)
    return tuple(
        Exhibit(
            part=place.part, scenario=place.scenario, start=place.start, design=place.start,
            instrument=pin, name=f"{stage}, frame {frame}", value=float(times_s[frame, at] - np.median(times_s[:, at])),
            unit="s", layer=stage,
        )
        for frame in np.argsort(trace.frame_s)[-2:].tolist()
        for pin, times_s in (("trace-waiting", trace.waiting_s), ("trace-running", trace.running_s))
        for at, stage in enumerate(STAGE_IDS)
    )  # fmt: skip


def pointing(said, claim_id, way):
    return [exhibit for exhibit, each in said if each.on(claim_id) is way]


def check_claims(said, claims, right):
    """Two readings at least support the right claim, one at least contradicts each wrong one, and none the right one."""
    assert len(pointing(said, right, Bearing.SUPPORTS)) >= 2
    assert not pointing(said, right, Bearing.CONTRADICTS)
    for claim in claims:
        if claim.id != right:
            assert pointing(said, claim.id, Bearing.CONTRADICTS), claim.id
            assert not pointing(said, claim.id, Bearing.SUPPORTS), claim.id


@pytest.mark.parametrize("key", PLACES, ids=named)
def test_every_reading_says_a_sentence_with_its_number(key):
    place = setting(*key)
    for name in designs(place):
        for exhibit in exhibits(key, name):
            for said in (stance_testimony(exhibit), diagnosis_testimony(key[0], exhibit) if place.part.diagnosis else None):
                if said is not None:
                    assert exhibit.name in said.words and format_reading(exhibit.value, exhibit.unit) in said.words
                    assert said.words.endswith(".") and not said.supports & said.contradicts


@pytest.mark.parametrize("key", FIRSTS, ids=named)
def test_the_constraint_of_the_step_can_be_proved_and_no_other(key):
    place = setting(*key)
    said = [(each, stance_testimony(each)) for each in exhibits(key, "start")]
    outcome = evaluate(place.scenario, place.start)
    longest = max(range(3), key=lambda at: outcome.bound_times_s[at])

    check_claims(said, stances(place.part), ("memory", "compute", "latency")[longest])


@pytest.mark.parametrize("key", FIRSTS, ids=named)
def test_the_diagnosis_can_be_proved_and_no_other_choice(key):
    place = setting(*key)
    decisive = {"cloud-titan": ("repaired",), "edge-guardian": tuple(designs(place))}.get(key[0], ("start",))
    shown = [each for name in decisive for each in exhibits(key, name)] + list(traced(key) if key[0] == "edge-guardian" else ())
    said = [(each, diagnosis_testimony(key[0], each)) for each in shown]

    check_claims(said, diagnoses(place.part), place.answer(place.part.diagnosis))


@pytest.mark.parametrize("key", [each for each in PLACES if each[1] == 2], ids=named)
def test_a_gain_is_proved_by_what_got_better_and_never_at_the_start(key):
    best = [(each, stance_testimony(each)) for each in exhibits(key, "best")]
    start = [(each, stance_testimony(each)) for each in exhibits(key, "start")]
    traffic = next(said for exhibit, said in start if exhibit.instrument == "traffic")

    assert len(pointing(best, GAIN, Bearing.SUPPORTS)) >= 2
    assert not [each for each in pointing(best, GAIN, Bearing.CONTRADICTS) if each.instrument != "traffic"]
    assert {each.instrument for each in pointing(start, GAIN, Bearing.SUPPORTS)} <= {"profiler"}
    assert traffic.on(GAIN) is Bearing.CONTRADICTS


@pytest.mark.parametrize("key", [each for each in PLACES if each[1] == 3], ids=named)
@pytest.mark.parametrize("name", ["best", "tempting"])
def test_the_side_that_carried_the_speed_up_can_be_proved_and_no_other(key, name):
    said = [(each, stance_testimony(each)) for each in exhibits(key, name)]
    right, _share = carried_by_design(said[0][0])

    if right:
        check_claims(said, stances(setting(*key).part), right)
    else:
        assert all(not each.supports for _, each in said)


def test_a_high_mbu_never_proves_the_peak():
    """The earbud's first board: MBU is above a half, and it was accepted as proof of R_peak."""
    said = next(stance_testimony(each) for each in exhibits(("tiny-pioneer", 1, 0), "start") if each.instrument == "mbu")

    assert said.on("memory") is Bearing.SUPPORTS
    assert said.on("compute") is Bearing.CONTRADICTS
    assert "speaks for BW_mem, not for R_peak" in said.words


def test_a_bus_full_of_what_is_not_needed_proves_the_bandwidth_where_mbu_cannot():
    found = {each.instrument: stance_testimony(each) for each in exhibits(("mobile-nomad", 1, 0), "start")}

    assert found["mbu"].on("memory") is Bearing.SILENT
    assert found["bus"].on("memory") is Bearing.SUPPORTS
    assert found["time-memory"].on("memory") is Bearing.SUPPORTS


def test_a_reading_of_another_state_says_nothing_of_the_one_that_fails():
    """Prefill is compute-bound; the decode step that fails is not."""
    place = setting("cloud-titan", 1, 0)
    prefill = place.start.replace(phase="prefill", attention_kernel="fused", batch=1)
    outcome = evaluate(place.scenario, prefill)
    read = reading(place.scenario, place.part, prefill, "mfu", outcome=outcome)
    said = stance_testimony(
        Exhibit(
            part=place.part, scenario=place.scenario, start=place.start, design=prefill,
            instrument="mfu", name=read.name, value=read.value, unit=read.unit,
        )  # fmt: skip
    )

    assert binding(outcome) == "compute"
    assert said.on("compute") is Bearing.SILENT


def table_lines():
    """Yield, for every track, each wrong claim with what each reading that contradicts it says."""
    for track in TRACKS:
        key = (track.id, 1, 0)
        place = setting(*key)
        says = {"stance": (stances(place.part), stance_testimony), "diagnosis": (diagnoses(place.part), lambda each: diagnosis_testimony(track.id, each))}
        for question, (claims, weigh) in says.items():
            against = defaultdict(list)
            for name in designs(place):
                for exhibit in exhibits(key, name):
                    said = weigh(exhibit)
                    for claim in claims:
                        if said.on(claim.id) is Bearing.CONTRADICTS:
                            against[claim.id].append(f"    {name}, {exhibit.instrument}: {said.words}")
            for claim in claims:
                yield f"{track.id}, {question} {claim.id!r}: {claim.text}"
                yield from against[claim.id] or ["    nothing contradicts it"]


def test_the_table_of_what_contradicts_each_claim_is_as_kept():
    """Printed for a reader; run `ROOFLAB_WRITE=1 pytest` on this file to write it anew."""
    import os

    text = "\n".join(table_lines()) + "\n"
    print(text)
    if os.environ.get("ROOFLAB_WRITE"):
        TABLE.write_text(text, encoding="utf-8")

    assert TABLE.read_text(encoding="utf-8") == text
