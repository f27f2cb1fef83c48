"""Every experiment can be done and is not done before, its finding holds the numbers of its comparison, and what is asked of it has one answer."""

import re
from functools import cache
from itertools import product

import pytest

from rooflab.analyses.trials import Trial
from rooflab.errors import LabError
from rooflab.evaluate import evaluate, imagine
from rooflab.lab.setting import setting
from rooflab.specs import ASSUMED, WhatIf
from rooflab.tracks import TRACKS
from rooflab.units import format_bytes, format_number, format_quantity, format_time

VARIANTS = range(6)
PARTS = [(each.id, part.number) for each in TRACKS for part in each.parts]
each_part = pytest.mark.parametrize(("track_id", "number"), PARTS, ids=[f"{track}-{number}" for track, number in PARTS])
SUPPOSED = {"peak_factor": (1.0, 2.0, 4.0), "bandwidth_factor": (1.0, 2.0, 4.0), "acceptance_fraction": (None, 0.3, 0.9)}


def values(control, start):
    """Return what a control offers: of a range its ends, and the half and the double of what it has."""
    if control.minimum == control.maximum:
        return control.space
    return sorted({min(max(each, control.minimum), control.maximum) for each in (start // 2, 2 * start, control.minimum, control.maximum)})


def designs(place):
    """Yield the first design, then those that one control changes, then two."""
    yield place.start
    changes = [{each.id: value} for each in place.part.controls for value in values(each, getattr(place.start, each.id))]
    for change in (*changes, *(one | other for one, other in product(changes, repeat=2))):
        try:
            yield place.scenario.mend(place.start.replace(**change))[0]
        except LabError:
            continue


def supposals(part):
    offered = {each.id: SUPPOSED[each.id] for each in part.what_ifs}
    for each in product(*offered.values()):
        yield WhatIf(**dict(zip(offered, each, strict=True)))


def trials(place):
    layers = evaluate(place.scenario, place.start).operators.ids if place.part.number == 1 else ("",)
    for design in designs(place):
        for what_if in supposals(place.part):
            for layer in layers:
                yield Trial(scenario=place.scenario, start=place.start, design=design, layer=layer, what_if=what_if)


@cache
def doing(track_id, number, variant):
    """Return the first trial that does each experiment of a part, by the experiment's id."""
    place, found = setting(track_id, number, variant), {}
    for trial in trials(place):
        for each in place.part.experiments:
            if each.id not in found and each.done(trial):
                found[each.id] = trial
        if len(found) == len(place.part.experiments):
            break
    return found


@each_part
@pytest.mark.parametrize("variant", VARIANTS)
def test_every_experiment_can_be_done_and_is_not_done_at_the_start(track_id, number, variant):
    place = setting(track_id, number, variant)
    layers = evaluate(place.scenario, place.start).operators.ids

    assert len({each.id for each in place.part.experiments}) == 3
    assert set(doing(track_id, number, variant)) == {each.id for each in place.part.experiments}
    for each in place.part.experiments:
        assert not any(each.done(Trial(scenario=place.scenario, start=place.start, design=place.start, layer=layer)) for layer in layers)


# Of each experiment on the real system, a change of the first design that is near to it and is not it.
NOT_DONE = {
    ("cloud-titan", 1, "batch-intensity"): ({"phase": "prefill", "batch": 1}, {"batch": 1024}),
    ("cloud-titan", 2, "batch-weights"): ({"batch": 8},),
    ("cloud-titan", 2, "paged-cache"): ({"batch": 512},),
    ("cloud-titan", 3, "experts-stored"): ({"draft_tokens": 2},),
    ("edge-guardian", 1, "longer-recording"): ({"frames": 1000},),
    ("edge-guardian", 2, "batch-waits"): ({"dispatch": "graph"},),
    ("edge-guardian", 2, "graph-launches"): ({"batch": 4},),
    ("edge-guardian", 3, "experts-stored"): ({"cascade": "exit"},),
    ("mobile-nomad", 1, "warmer-day"): ({"ambient_c": 29}, {"ambient_c": 15}),
    ("mobile-nomad", 2, "phrases-batched"): ({"frames_batched": 2},),
    ("mobile-nomad", 2, "narrower-format"): ({"tile_rows": 14},),
    ("mobile-nomad", 3, "experts-stored"): ({"draft_tokens": 4},),
    ("tiny-pioneer", 1, "weights-elsewhere"): ({"weights": "int8"},),
    ("tiny-pioneer", 2, "hops-together"): ({"hidden": 64},),
    ("tiny-pioneer", 2, "aligned-state"): ({"hops_batched": 2},),
    ("tiny-pioneer", 3, "experts-stored"): ({"gate": "cautious"},),
}


@pytest.mark.parametrize(("track_id", "number", "name"), NOT_DONE, ids=str)
def test_what_is_only_near_to_an_experiment_does_not_do_it(track_id, number, name):
    place = setting(track_id, number, 0)

    for change in NOT_DONE[track_id, number, name]:
        design = place.scenario.mend(place.start.replace(**change))[0]
        assert design != place.start, change
        assert not place.part.experiment(name).done(Trial(scenario=place.scenario, start=place.start, design=design)), change


def test_each_experiment_comes_after_the_one_that_it_builds_on():
    """"With the same layer", "with tokens drafted" and "both again" speak of the one before."""
    for track in TRACKS:
        assert [each.id for each in track.part(1).experiments][:2] == ["peak-alone", "bandwidth-alone"]
        assert track.part(2).experiments[0].id == "fused-traffic"
        assert [each.id for each in track.part(3).experiments][1:] == ["acceptance", "experts-stored"]


def numbers(words):
    return re.findall(r"\d[\d .]*", words)


@each_part
@pytest.mark.parametrize("variant", VARIANTS)
def test_a_finding_is_in_words_with_numbers(track_id, number, variant):
    place = setting(track_id, number, variant)

    for each in place.part.experiments:
        words = each.finding(doing(track_id, number, variant)[each.id])
        assert len(numbers(words)) >= 2 and not re.search(r"\bnan\b|\binf\b|np\.|None|True|False", words)
        assert words.endswith(".") and ".." not in words


@pytest.mark.parametrize("track", TRACKS, ids=lambda each: each.id)
@pytest.mark.parametrize("variant", VARIANTS)
def test_one_roof_at_a_time_says_the_time_of_the_layer_before_and_after(track, variant):
    place, found = setting(track.id, 1, variant), doing(track.id, 1, variant)

    for name, field in (("peak-alone", "peak_factor"), ("bandwidth-alone", "bandwidth_factor")):
        trial = found[name]
        other = "bandwidth_factor" if field == "peak_factor" else "peak_factor"
        assert getattr(trial.what_if, field) > 1 == getattr(trial.what_if, other)
        real = evaluate(place.scenario, trial.design)
        supposed = evaluate(imagine(place.scenario, trial.what_if), trial.design)
        at = real.operators.ids.index(trial.layer)
        words = place.part.experiment(name).finding(trial)
        assert real.operators.names[at] in words
        assert format_time(real.operators.time_s[at]) in words
        assert format_time(supposed.operators.time_s[at]) in words or "stays" in words
        if name == "peak-alone":
            assert f"from {format_number(real.ridge_flop_per_byte)} to {format_number(supposed.ridge_flop_per_byte)}" in words


@pytest.mark.parametrize("track", TRACKS, ids=lambda each: each.id)
@pytest.mark.parametrize("variant", VARIANTS)
def test_fusing_says_the_operations_and_bytes_of_the_step_with_and_without(track, variant):
    trial = doing(track.id, 2, variant)["fused-traffic"]
    unfused = evaluate(trial.scenario, trial.design.replace(fusion="0" * len(trial.design.fusion))).operators
    now = evaluate(trial.scenario, trial.design).operators
    words = setting(track.id, 2, variant).part.experiment("fused-traffic").finding(trial)

    for operators in (unfused, now):
        assert format_quantity(float(operators.flop.sum()), "FLOP") in words
        assert format_bytes(float(operators.hbm_bytes.sum())) in words


@pytest.mark.parametrize("track", TRACKS, ids=lambda each: each.id)
@pytest.mark.parametrize("variant", VARIANTS)
def test_a_guess_says_the_operations_of_an_output_with_and_without(track, variant):
    part = setting(track.id, 3, variant).part
    first, supposed = part.experiments[0], part.experiment("acceptance")
    trial, other = (doing(track.id, 3, variant)[each.id] for each in (first, supposed))

    flop = format_quantity(float(evaluate(trial.scenario, trial.design).flop_per_output), "FLOP")
    assert flop in first.finding(trial)
    outcome = evaluate(imagine(other.scenario, other.what_if), other.design)
    assert format_quantity(float(outcome.flop_per_output), "FLOP") in supposed.finding(other)
    assert float(outcome.flop_per_output) != float(evaluate(other.scenario, other.design).flop_per_output)


@each_part
def test_what_was_observed_has_one_right_answer_among_those_offered(track_id, number):
    for variant in VARIANTS:
        place = setting(track_id, number, variant)
        asked = place.part.observation
        assert place.answer(asked) in [each.id for each in asked.choices]
        assert len({each.text for each in asked.choices}) == len({each.id for each in asked.choices}) >= 4
        for choice in asked.choices:
            assert len(numbers(asked.explain(place.scenario, choice.id))) >= 2


def test_no_one_answer_is_right_everywhere():
    for number in (1, 2, 3):
        right = {setting(each.id, number, variant).part.observation.answer(setting(each.id, number, variant).scenario) for each in TRACKS for variant in range(20)}
        assert len(right) > 1


@pytest.mark.parametrize("track", TRACKS, ids=lambda each: each.id)
@pytest.mark.parametrize("variant", VARIANTS)
def test_one_rate_moves_one_roof_and_leaves_the_scenario_as_it_was(track, variant):
    place = setting(track.id, 1, variant)
    own = place.scenario.roofs(place.start)[0]
    peak = imagine(place.scenario, WhatIf(peak_factor=3.0)).roofs(place.start)[0]
    bandwidth = imagine(place.scenario, WhatIf(bandwidth_factor=3.0)).roofs(place.start)[0]

    assert (peak.peak_flop_per_s, peak.hbm_bytes_per_s) == pytest.approx((3 * own.peak_flop_per_s, own.hbm_bytes_per_s))
    assert (bandwidth.peak_flop_per_s, bandwidth.hbm_bytes_per_s) == pytest.approx((own.peak_flop_per_s, 3 * own.hbm_bytes_per_s))
    assert place.scenario.roofs(place.start)[0] == own
    assert imagine(place.scenario, WhatIf()) is place.scenario


@each_part
def test_the_first_choice_of_what_is_supposed_supposes_nothing(track_id, number):
    part = setting(track_id, number, 0).part
    for control in part.what_ifs:
        assert control.minimum == 1 or control.choices[0].id == ASSUMED
    assert bool(part.assumed) == any(each.id == "acceptance_fraction" for each in part.what_ifs)


@pytest.mark.parametrize("given", [{"peak-factor": 5.0}, {"bandwidth-factor": 0.5}, {"acceptance-fraction": 1.0}, {"price": 1.0}])
def test_what_no_control_supposes_is_refused(given):
    with pytest.raises(LabError, match="What if"):
        WhatIf.from_json(given)
