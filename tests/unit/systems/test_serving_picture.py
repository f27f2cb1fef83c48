"""The picture of a node shows the outcome's own numbers, and labels of the same."""

import numpy as np
import pytest
from tests.unit.systems.test_every_picture import drawn_designs

from rooflab.evaluate import BOUNDS, Look, evaluate, picture
from rooflab.lab.setting import setting
from rooflab.systems.picture import HIDDEN
from rooflab.systems.serving.flows import flows_of
from rooflab.units import format_bytes, format_fraction, format_time

NUMBERS = (1, 2, 3)
each_number = pytest.mark.parametrize("number", NUMBERS)


def drawn(number, **changes):
    """Return one design of a part, its outcome and its numbers."""
    place = setting("cloud-titan", number, 0)
    design = place.start.replace(**changes)
    outcome = evaluate(place.scenario, design)
    return place.scenario, design, outcome, picture(place.scenario, design, outcome).numbers


def all_drawn(number):
    place = setting("cloud-titan", number, 0)
    for design in drawn_designs(place):
        outcome = evaluate(place.scenario, design)
        yield design, outcome, picture(place.scenario, design, outcome)


@each_number
def test_the_memory_is_that_of_the_outcome(number):
    for design, outcome, made in all_drawn(number):
        memory, capacity = made.numbers["memory"], outcome.capacity
        sizes = [float(size) for _, size in capacity.parts if size]

        assert [each["bytes"] for each in memory["parts"]] == sizes
        assert all(each["label"].endswith(f" {format_bytes(each['bytes'])}") for each in memory["parts"])
        assert sum(sizes) == pytest.approx(memory["needed_bytes"])
        assert (memory["over_label"] is None) == bool(capacity.fits) != (memory["free_label"] is None)
        assert made.numbers["slots"]["count"] == design.batch


@each_number
def test_all_flows_together_are_what_the_bus_carries(number):
    for _design, outcome, made in all_drawn(number):
        flows = made.numbers["flows"]
        if outcome.cannot_run:
            assert flows == [] and made.pace is None
            continue

        assert sum(each["bytes"] for each in flows) == pytest.approx(float(outcome.carried_bytes), rel=1e-9)
        assert all(each["label"].endswith(f" {format_bytes(each['bytes'])}") for each in flows)
        assert sum(each["bytes"] for each in flows) / made.numbers["block_bytes"] <= 640


@each_number
def test_time_bus_and_units_are_those_of_the_outcome(number):
    for design, outcome, made in all_drawn(number):
        numbers = made.numbers
        if outcome.cannot_run:
            assert numbers["period_s"] is numbers["next"]["time_s"] is numbers["bus"]["busy_fraction"] is None
            continue
        waits = outcome.step_time_s if design.phase == "prefill" else outcome.inter_token_s

        assert numbers["period_s"] == made.pace.period_s == float(outcome.step_time_s)
        assert numbers["next"]["value"] == format_time(waits)
        assert numbers["bus"]["busy_fraction"] == float(outcome.bus_busy_fraction)
        assert numbers["bus"]["needed_fraction"] == float(outcome.mbu_fraction)
        assert numbers["units"]["used_fraction"] == float(outcome.mfu_fraction)
        assert numbers["units"]["bound"] == BOUNDS[int(outcome.bound)]


@each_number
def test_a_layer_is_as_long_as_its_kernels_and_their_gaps(number):
    for _design, outcome, made in all_drawn(number):
        layer = made.numbers["layer"]
        if outcome.cannot_run:
            assert layer is None
            continue
        last = layer["kernels"][-1]

        assert last["start_s"] + last["duration_s"] == pytest.approx(layer["span_s"])
        assert layer["label"].endswith(format_time(layer["span_s"]))


def test_eager_attention_writes_and_reads_eight_copies():
    scenario, design, outcome, numbers = drawn(1)
    moved = {each.id: each.moved_bytes for each in flows_of(scenario, design, outcome)}

    assert numbers["copies"]["count"] == 64 / 8  # query heads for each KV head of Llama 3 70B
    assert moved["copies_written"] == moved["copies_read"] == pytest.approx(8 * moved["cache_read"])  # BF16, as it is stored
    assert moved["cache_read"] == pytest.approx(99 * 4096 * 2 * 128 * 2 * 80)  # sequences, tokens, K and V, head, BF16, layers


def test_fused_attention_copies_nothing():
    _, _, _, numbers = drawn(1, attention_kernel="fused")

    assert numbers["copies"] is None
    assert not {"copies_written", "copies_read"} & {each["id"] for each in numbers["flows"]}


def test_fusing_takes_bytes_and_kernels_out_of_the_picture():
    *_, apart = drawn(2, fusion="000000")
    *_, fused = drawn(2, fusion="110110")

    def between(numbers):
        return next(each["bytes"] for each in numbers["flows"] if each["id"] == "intermediates")

    assert len(fused["layer"]["kernels"]) < len(apart["layer"]["kernels"])
    assert between(fused) < between(apart)


def test_reserved_slots_are_filled_as_far_as_the_context_reaches():
    scenario, design, _, contiguous = drawn(2)
    *_, paged = drawn(2, kv_layout="paged")

    assert contiguous["slots"]["filled_fraction"] == design.context_tokens / scenario.service.longest_tokens
    assert paged["slots"]["filled_fraction"] > 0.98


def test_what_does_not_fit_is_counted():
    _, design, outcome, numbers = drawn(2, batch=512)

    assert outcome.cannot_run and numbers["stopped"]["kind"] == "Out of memory"
    assert numbers["slots"]["fit_count"] == int(outcome.max_batch_count) < design.batch
    assert numbers["next"]["value"] == "never"


def test_rounds_hold_as_many_drafts_as_their_chances_say():
    scenario, _, outcome, numbers = drawn(3, draft_tokens=4)
    draft, chance = numbers["draft"], scenario.service.acceptance_fraction
    rounds = np.array(draft["rounds"])
    shares = [(rounds >= place).mean() for place in range(1, 5)]

    assert draft["holds_fraction"] == pytest.approx([chance, chance**2, chance**3, chance**4])
    assert 1 + sum(draft["holds_fraction"]) == pytest.approx(float(outcome.round_tokens_count))
    assert shares == pytest.approx(draft["holds_fraction"], abs=1 / len(rounds))
    assert draft["drafting_fraction"] == float(outcome.operators.time_s[-1] / outcome.step_time_s)


def test_few_tokens_read_few_experts():
    *_, few = drawn(3, experts="tensor", batch=16)
    assert few["experts"]["token_count"] <= few["experts"]["read_count"] <= few["experts"]["count"]

    *_, dense = drawn(3)
    assert dense["experts"] is None


def test_a_sealed_mfu_is_told_nowhere():
    place = setting("cloud-titan", 2, 0)
    outcome = evaluate(place.scenario, place.start)
    made = picture(place.scenario, place.start, outcome, Look(hides="mfu_fraction".__eq__))
    shown = picture(place.scenario, place.start, outcome)
    figure = f"MFU {format_fraction(float(outcome.mfu_fraction))}"

    assert made.numbers["units"]["used_fraction"] is None
    assert f"MFU {HIDDEN}" in made.words and figure in shown.words
    assert figure not in f"{made.title} {made.words} {made.rows}"
