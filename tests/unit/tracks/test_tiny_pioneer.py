import re
from collections import Counter

import numpy as np
import pytest

from rooflab.evaluate import evaluate
from rooflab.tracks.tiny_pioneer import TINY_PIONEER
from rooflab.tracks.tiny_pioneer.scenario import CHANGES, changed, saved_s, scenario

PART = TINY_PIONEER.part(1)
SLOPE, CHANGE = PART.questions
VARIANTS = range(50)
SCENARIOS = [scenario(variant) for variant in VARIANTS]
each_variant = pytest.mark.parametrize("found", SCENARIOS, ids=[str(each) for each in VARIANTS])


def test_the_crisis_is_memory_bound_on_the_esp32_where_that_is_true():
    found = scenario(0)
    outcome = evaluate(found, found.crisis)

    assert (found.crisis.chip_id, found.crisis.weights, found.crisis.placement) == ("esp32", "float32", "flash")
    # 400 rows of 164 floats fill 21 lines each; 0.7 of a quad bus at 40 MHz brings 14 MB/s.
    assert outcome.bound_times_s[0] == pytest.approx((400 * 21 * 32 + 1600) / 14e6, rel=1e-3)
    assert outcome.bound_times_s[0] / outcome.hop_time_s > 0.99
    assert PART.diagnosis.answer(found) == "memory"


def test_int8_on_the_plain_esp32_is_compute_bound_from_the_same_bus_at_80_megahertz():
    found = scenario(0)
    design = found.crisis.replace(weights="int8", placement="psram")
    fast = next(each for each in SCENARIOS if each.chip("esp32").memory("psram").bytes_per_s == 40e6)

    assert evaluate(fast, design).bound_times_s.argmax() == 1
    assert evaluate(fast, design).pull_fraction < 1


def test_one_milliwatt_is_out_of_reach_of_both_esp32s_even_asleep():
    found = scenario(0)
    for chip_id in ("esp32", "esp32-s3"):
        chip = found.chip(chip_id)
        assert chip.sleep_w + found.earbud.front_end_w > 1e-3


@each_variant
def test_the_crisis_fits_and_is_over_budget(found):
    outcome = evaluate(found, found.crisis)

    assert outcome.capacity.fits
    assert not outcome.feasible
    assert evaluate(found, found.reference).feasible


@each_variant
def test_one_answer_of_each_question_is_right(found):
    for question in (*PART.questions, PART.diagnosis):
        ids = [each.id for each in question.choices]
        assert ids.count(question.answer(found)) == 1


def test_every_choice_is_right_somewhere():
    for question in (CHANGE, PART.diagnosis):
        right = Counter(question.answer(each) for each in SCENARIOS)
        assert set(right) == {each.id for each in question.choices}
        assert min(right.values()) >= 2


def test_one_answer_does_not_give_away_the_other():
    assert len({(CHANGE.answer(each), PART.diagnosis.answer(each)) for each in SCENARIOS}) >= 5


@each_variant
def test_the_diagnosis_can_be_read_off_the_profile(found):
    # As the table of layers has it: the time of each, by what binds it, and the starts of all.
    operators = evaluate(found, found.crisis).operators
    memory = operators.memory_s >= operators.compute_s
    times = {
        "memory": operators.memory_s[memory].sum(),
        "compute": operators.compute_s[~memory].sum(),
        "latency": operators.launch_s.sum(),
    }
    first, second = sorted(times.values(), reverse=True)[:2]

    assert times[PART.diagnosis.answer(found)] == first
    assert first - second > 0.05 * sum(times.values())


@each_variant
def test_the_best_change_is_the_one_that_the_bench_shows(found):
    before = evaluate(found, found.crisis).hop_time_s
    hops = {}
    for change in CHANGES:
        outcome = evaluate(found, changed(found.crisis, change))
        hops[change] = outcome.hop_time_s if outcome.capacity.fits else before

    best, second = sorted(hops.values())[:2]
    assert hops[CHANGE.answer(found)] == best
    assert second - best > 0.03 * before


def test_a_change_that_does_not_fit_saves_nothing():
    full = [
        each
        for each in SCENARIOS
        if not evaluate(each, changed(each.crisis, "sram")).capacity.fits
    ]

    assert full
    assert all(saved_s(each)["sram"] == 0 for each in full)


def test_variants_differ_in_their_numbers():
    seen = {
        (str(each.crisis.to_json()), each.earbud.sram_bytes, each.earbud.front_end_w, each.chips[0].memory("flash").name)
        for each in SCENARIOS
    }

    assert len(seen) >= 30


def test_a_variant_is_the_same_every_time():
    before = scenario(7)
    scenario.cache_clear()

    assert scenario(7).crisis == before.crisis
    assert scenario(7).earbud.sram_bytes == before.earbud.sram_bytes


def test_the_locked_screen_gives_no_answer_away():
    locked = [PART.title, PART.objective, *PART.briefing, TINY_PIONEER.crisis]
    for question in PART.questions:
        locked += [question.text, *(each.text for each in question.choices)]

    text = " ".join(locked).lower()
    for word in ("memory-bound", "compute-bound", "latency", "bandwidth", "ridge", "esp32", "flash"):
        assert word not in text


@pytest.mark.parametrize("found", SCENARIOS[:8], ids=[str(each) for each in range(8)])
def test_feedback_speaks_to_the_mechanism_of_every_choice(found):
    for question in (*PART.questions, PART.diagnosis):
        words = {each.id: question.explain(found, each.id) for each in question.choices}
        right = words[question.answer(found)]
        assert all(each.startswith(right) for each in words.values())
        assert all(len(each) < 900 for each in words.values())
        assert re.search(r"\d", right)
        assert "nan" not in right
        assert " -" not in right


def test_controls_can_express_the_crisis_and_every_change():
    controls = {each.id: each for each in PART.controls}
    for found in SCENARIOS:
        for design in (found.crisis, *(changed(found.crisis, each) for each in CHANGES)):
            for name, control in controls.items():
                assert getattr(design, name) in control.space


def test_the_cliff_between_sram_and_flash_is_there_for_vectors_and_not_for_the_scalar_core():
    found = next(each for each in SCENARIOS if each.chip("esp32").memory("flash").bytes_per_s == 40e6)
    inside = {"weights": "int8", "placement": "sram"}
    hops = {
        (chip, place): float(evaluate(found, found.crisis.replace(**inside | {"chip_id": chip, "placement": place, "fusion": "11111"})).hop_time_s)
        for chip in ("esp32", "esp32-s3")
        for place in ("sram", "flash")
    }

    assert hops["esp32", "flash"] == pytest.approx(hops["esp32", "sram"], rel=0.02)
    assert hops["esp32-s3", "flash"] > 5 * hops["esp32-s3", "sram"]


def test_rows_of_whole_vectors_and_lines_waste_nothing():
    found = scenario(0)
    design = found.crisis.replace(chip_id="esp32-s3", weights="int8")
    sizes = np.array([64, 80, 96, 100, 112, 128])
    outcome = evaluate(found, design.replace(hidden=sizes))

    # Rows of 128, 144, 160, 164, 176 and 192 bytes in lines of 32: 4, 5, 5, 6, 6 and 6 of them.
    assert outcome.line_fraction == pytest.approx([1, 144 / 160, 1, 164 / 192, 176 / 192, 1])
    assert outcome.vector_fraction == pytest.approx([1, 1, 1, 164 / 176, 1, 1])
