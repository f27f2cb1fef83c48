"""The view-model: one design, its outcome, and controls that never disagree."""

import pytest

from rooflab.evaluate import evaluate
from rooflab.tracks import track
from rooflab.workbench import DiagnosisForm, PredictionForm, ReflectionForm, make_workbench, stops

TITAN = track("cloud-titan")
QUESTIONS = TITAN.part(1).questions


@pytest.fixture
def bench():
    return make_workbench(scenario=TITAN.scenario(0), part=TITAN.part(1), start=TITAN.scenario(0).crisis)


def test_the_bench_begins_in_the_crisis(bench):
    assert bench.design() == TITAN.scenario(0).crisis


def test_every_control_sets_a_field_of_the_design(bench):
    assert set(bench.controls) == {each.id for each in TITAN.part(1).controls}
    assert set(bench.controls) < set(bench.design().to_json()) - {"kind"}


def test_the_slider_sets_the_batch(bench):
    bench.batch_stop = "128"

    assert bench.design().batch == 128


def test_a_batch_between_two_stops_is_kept_and_the_slider_rests_below_it(bench):
    bench.batch = 100

    assert (bench.batch, bench.batch_stop) == (100, "64")


def test_a_batch_beyond_its_bounds_is_refused(bench):
    with pytest.raises(ValueError, match="batch"):
        bench.batch = 10**6


def test_the_context_slider_and_its_number_agree(bench):
    bench.context_tokens = 1024
    assert bench.context_tokens_stop == stops(128, 8192)[3]

    bench.context_tokens_stop = stops(128, 8192)[0]
    assert bench.context_tokens == 128


def test_stops_double_and_end_at_the_maximum():
    assert stops(1, 6) == ["1", "2", "4", "6"]
    assert stops(128, 512) == ["128", "256", "512"]


def test_a_design_is_evaluated_once_however_many_ask(bench):
    assert bench.outcome() is bench.outcome()


def test_the_outcome_follows_the_design(bench):
    before = bench.outcome().step_time_s

    bench.attention_kernel = "fused"

    assert bench.outcome().step_time_s < before
    assert bench.outcome().step_time_s == evaluate(bench.scenario, bench.design()).step_time_s


def test_a_format_that_the_device_cannot_multiply_is_not_offered(bench):
    bench.device_id = "h100-sxm"
    assert "fp8" in bench.param.precision.objects

    bench.precision = "fp8"
    bench.device_id = "a100-sxm-80gb"

    assert bench.precision == "bf16"
    assert "no matrix units for FP8" in bench.notice


def test_the_crisis_can_be_restored(bench):
    bench.param.update(batch=3, attention_kernel="fused", device_id="h100-sxm")

    bench.param.trigger("restore_start")

    assert bench.design() == TITAN.scenario(0).crisis


@pytest.mark.parametrize("instrument", ["roofline", "profiler", *(each.id for each in TITAN.part(1).gauges)])
def test_every_instrument_reads_a_finite_number(bench, instrument):
    reading = bench.reading(instrument)

    assert reading.instrument == instrument
    assert reading.value == reading.value < float("inf")


def test_pinning_twice_is_told_twice(bench):
    pinned = []
    bench.param.watch(lambda event: pinned.append(event.new), "pinned", onlychanged=False)

    bench.pin("mbu")
    bench.pin("mbu")

    assert [each.instrument for each in pinned] == ["mbu", "mbu"]


def test_a_prediction_form_lists_its_gaps_in_words():
    form = PredictionForm(QUESTIONS)
    form.answers[1].choice = QUESTIONS[1].choices[0].id

    assert form.missing() == [
        "an answer to question 1",
        "how sure you are of question 1",
        "how sure you are of question 2",
    ]


def test_an_answer_that_is_not_offered_is_refused():
    with pytest.raises(ValueError, match="perhaps"):
        PredictionForm(QUESTIONS).answers[0].choice = "perhaps"


def test_a_diagnosis_must_name_a_constraint():
    assert DiagnosisForm(question=TITAN.part(1).diagnosis).missing() == ["a constraint"]


def test_a_reflection_of_spaces_is_no_reflection():
    form = ReflectionForm(part_number=1, written_fields=["claim", "tradeoff", "residual_risk"], claim="   ", tradeoff="x", residual_risk="y")
    form.stance = "memory"
    form.offer([("MBU: 12%", 4)])
    form.evidence = [4]

    assert form.missing() == ["your claim in words"]


def test_a_reflection_can_cite_only_pinned_readings():
    with pytest.raises(ValueError, match="4"):
        ReflectionForm().evidence = [4]


def fusing_bench():
    track_ = track("mobile-nomad")
    mission = track_.part(2).mission(0)
    return make_workbench(
        scenario=mission.scenario, part=track_.part(2), start=mission.baseline, mission=mission
    )


def test_levels_and_boundaries_of_a_chain_follow_one_another():
    bench = fusing_bench()
    chain = next(control for control in bench.part.controls if control.chain)
    level, bonds = f"{chain.id}_level", f"{chain.id}_bonds"
    count = len(chain.chain) - 1

    setattr(bench, bonds, [0])
    assert getattr(bench.design(), chain.id) == "1" + "0" * (count - 1)

    for choice in chain.choices:
        setattr(bench, level, choice.id)
        assert getattr(bench.design(), chain.id) == choice.id
        assert getattr(bench, bonds) == [at for at, digit in enumerate(choice.id) if digit == "1"]

    bench.param.trigger("restore_start")
    assert bench.design() == bench.start
