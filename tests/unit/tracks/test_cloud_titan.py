import re
from collections import Counter

import pytest

from ridgepoint.errors import BadDesign
from ridgepoint.evaluate import BOUNDS, evaluate
from ridgepoint.model.roofline import COMPUTE, LATENCY, MEMORY
from ridgepoint.specs import WEIGHT_SCHEMES
from ridgepoint.tracks.cloud_titan import AS_SERVED, CLOUD_TITAN, HALF_THE_BITS, repaired, scenario

PART = CLOUD_TITAN.part(1)
SLOPE, BITS = PART.questions
VARIANTS = range(50)
SCENARIOS = [scenario(variant) for variant in VARIANTS]
each_variant = pytest.mark.parametrize("found", SCENARIOS, ids=[str(each) for each in VARIANTS])


@each_variant
def test_the_profile_shows_four_fifths_in_kv_traffic(found):
    outcome = evaluate(found, found.crisis)

    assert found.crisis.attention_kernel == "eager"
    assert found.crisis.phase == "decode"
    assert outcome.kv_time_fraction == pytest.approx(0.80, abs=0.03)


@each_variant
def test_throughput_is_half_of_the_a100_baseline(found):
    crisis, reference = (evaluate(found, each) for each in (found.crisis, found.reference))

    assert found.reference.device_id == "a100-sxm-80gb"
    assert found.reference.attention_kernel == "fused"
    assert crisis.tokens_per_s / reference.tokens_per_s == pytest.approx(0.50, abs=0.03)
    assert reference.feasible
    assert not crisis.feasible  # for one reason only: it fits, and is too slow
    assert crisis.capacity.fits


@each_variant
def test_the_repair_alone_passes_the_baseline(found):
    assert evaluate(found, repaired(found)).feasible


@each_variant
def test_one_answer_of_each_question_is_right(found):
    for question in (*PART.questions, PART.diagnosis):
        ids = [each.id for each in question.choices]
        assert ids.count(question.answer(found)) == 1


def test_every_choice_is_right_somewhere():
    for question in (BITS, PART.diagnosis):
        right = Counter(question.answer(each) for each in SCENARIOS)
        assert set(right) == {each.id for each in question.choices}
        assert min(right.values()) >= 3


def test_one_answer_does_not_give_away_the_other():
    pairs = {(BITS.answer(each), PART.diagnosis.answer(each)) for each in SCENARIOS}

    assert len(pairs) >= 4


def test_variants_differ_in_their_numbers():
    seen = {(s.crisis.device_id, s.crisis.batch, s.crisis.context_tokens) for s in SCENARIOS}

    assert len(seen) >= 20


def test_a_variant_is_the_same_every_time():
    scenario.cache_clear()

    assert scenario(7).crisis == SCENARIOS[7].crisis


@each_variant
def test_the_diagnosis_can_be_read_off_the_instruments(found):
    outcome = evaluate(found, repaired(found))
    times = {BOUNDS[each]: outcome.bound_times_s[each] for each in (MEMORY, COMPUTE, LATENCY)}
    first, second = sorted(times.values(), reverse=True)[:2]

    assert times[PART.diagnosis.answer(found)] == first
    assert first - second > 0.05 * outcome.step_time_s


@each_variant
def test_the_fall_is_the_one_that_the_bench_shows(found):
    before = repaired(found)
    after = before.replace(precision=HALF_THE_BITS[before.precision])
    fall = 1 - evaluate(found, after).step_time_s / evaluate(found, before).step_time_s

    expected = "large" if fall >= 0.15 else "middle" if fall >= 0.05 else "small"
    assert BITS.answer(found) == expected
    assert min(abs(fall - 0.15), abs(fall - 0.05)) > 0.015


def test_the_first_question_is_asked_word_for_word():
    assert SLOPE.text == (
        "If a layer sits on the sloped section of the roofline, will adding more TFLOPS speed "
        "it up?"
    )


def test_the_locked_screen_is_the_same_in_all_variants():
    # Copy is data of the track, not a function of the scenario: nothing in it can vary.
    locked = [PART.title, PART.objective, *PART.briefing, CLOUD_TITAN.crisis]
    for question in PART.questions:
        locked += [question.text, *(each.text for each in question.choices)]

    assert all(isinstance(each, str) for each in locked)
    text = " ".join(locked).lower()
    for word in ("memory-bound", "compute-bound", "latency", "bandwidth", "ridge", "h100", "hbm"):
        assert word not in text
    assert set(re.findall(r"\d+%", text)) == {"50%", "80%", "15%", "5%"}


@pytest.mark.parametrize("found", SCENARIOS[:6], ids=[str(each) for each in range(6)])
def test_feedback_speaks_to_the_mechanism_of_every_choice(found):
    for question in (*PART.questions, PART.diagnosis):
        words = {each.id: question.explain(found, each.id) for each in question.choices}
        wrong = [words[each] for each in words if each != question.answer(found)]
        assert all(each.startswith(words[question.answer(found)]) for each in wrong)
        assert all(len(each) < 900 for each in words.values())
        assert re.search(r"\d", words[question.answer(found)])


def test_controls_can_express_the_crisis_the_repair_and_the_reference():
    controls = {each.id: each for each in PART.controls}
    for found in SCENARIOS:
        for design in (found.crisis, repaired(found), found.reference):
            for name, value in design.to_json().items():
                if name == "kind":
                    continue
                if name not in controls:
                    assert value == AS_SERVED[name]
                    continue
                control = controls[name]
                if control.choices:
                    assert value in {each.id for each in control.choices}
                else:
                    assert control.minimum <= value <= control.maximum


def test_half_the_bits_keep_the_matrix_units_format():
    for wide, narrow in HALF_THE_BITS.items():
        assert WEIGHT_SCHEMES[wide].compute == WEIGHT_SCHEMES[narrow].compute


def test_an_unknown_choice_says_which_there_are():
    with pytest.raises(BadDesign, match="has no choice 'maybe'; it has proportional, partly, no"):
        SLOPE.choice("maybe")


@each_variant
def test_no_feedback_speaks_of_less_than_nothing(found):
    for question in (*PART.questions, PART.diagnosis):
        words = question.explain(found, question.answer(found))
        assert "-0" not in words
        assert "nan" not in words
