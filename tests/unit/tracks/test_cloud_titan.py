import re
from collections import Counter
from dataclasses import replace
from functools import lru_cache

import pytest

from rooflab.analyses.demand import answer_demand
from rooflab.analyses.search import best_designs
from rooflab.analyses.tiles import score_tiles
from rooflab.errors import BadDesign
from rooflab.evaluate import BOUNDS, evaluate, timeline
from rooflab.model.roofline import COMPUTE, LATENCY, MEMORY
from rooflab.specs import WEIGHT_SCHEMES
from rooflab.tracks.cloud_titan import AS_SERVED, CLOUD_TITAN, HALF_THE_BITS, repaired, scenario

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
def test_the_largest_share_of_the_step_is_clearly_larger_than_any_other(found):
    outcome = evaluate(found, repaired(found))
    second, first = sorted(outcome.bound_times_s)[-2:]

    assert first == max(outcome.bound_times_s[[MEMORY, COMPUTE, LATENCY]])  # the link is no answer
    assert first - second > 0.06 * outcome.step_time_s


@each_variant
def test_the_fall_is_the_one_that_the_bench_shows(found):
    before = repaired(found)
    after = before.replace(precision=HALF_THE_BITS[before.precision])
    fall = 1 - evaluate(found, after).step_time_s / evaluate(found, before).step_time_s

    expected = "large" if fall >= 0.08 else "middle" if fall >= 0.05 else "small"
    assert BITS.answer(found) == expected
    assert min(abs(fall - 0.08), abs(fall - 0.05)) > 0.01 - 1e-9


def test_the_first_question_is_asked_word_for_word():
    assert SLOPE.text == (
        "If a layer sits on the sloped section of the roofline, will adding more TFLOPS speed "
        "it up?"
    )


def test_the_locked_screen_gives_no_answer_away():
    locked = [PART.title, PART.objective, *PART.briefing, CLOUD_TITAN.crisis]
    for question in PART.questions:
        locked += [question.text, *(each.text for each in question.choices)]

    text = " ".join(locked).lower()
    for word in ("memory-bound", "compute-bound", "latency", "bandwidth", "ridge", "h100", "hbm"):
        assert word not in text
    assert set(re.findall(r"\d+%", text)) == {"80%", "8%", "5%"}


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


FUSE, INVENT = CLOUD_TITAN.part(2), CLOUD_TITAN.part(3)
MISSIONS = [(part, variant) for part in (FUSE, INVENT) for variant in range(5)]
each_mission = pytest.mark.parametrize(
    ("part", "variant"), MISSIONS, ids=[f"part{part.number}-{variant}" for part, variant in MISSIONS]
)
MANY = range(24)


@lru_cache(maxsize=64)
def search_of(part, variant):
    return best_designs(part.mission(variant), part.controls)


@each_mission
def test_the_baseline_does_not_do(part, variant):
    mission = part.mission(variant)
    value = float(getattr(evaluate(mission.scenario, mission.baseline), mission.objective.quantity))

    assert search_of(part, variant).regret(value, maximise=mission.objective.maximise) > 0.10


@each_mission
def test_the_tempting_design_is_better_to_look_at_and_fails(part, variant):
    mission = part.mission(variant)
    quantity, guardrail = {2: ("mfu_fraction", "Out of memory"), 3: ("tokens_per_s", "Time between tokens")}[part.number]
    before, tempting = (evaluate(mission.scenario, each) for each in (mission.baseline, mission.tempting))

    assert getattr(tempting, quantity) > getattr(before, quantity)
    assert not tempting.feasible
    missed = [each.target.name for each in tempting.targets if not each.met]
    assert any(each.startswith(guardrail) for each in (*tempting.reasons, *missed))
    assert not re.search(r"\d", mission.tempting_reason)


@each_mission
def test_some_designs_do_fewer_than_half_and_one_is_best(part, variant):
    search = search_of(part, variant)

    assert 500 <= search.designs_count <= 100_000
    assert 20 <= search.feasible_count < search.designs_count / 2
    assert len(search.best) == 1


@each_mission
def test_the_best_design_keeps_every_guardrail(part, variant):
    mission = part.mission(variant)
    best = evaluate(mission.scenario, search_of(part, variant).best[0])

    assert best.reasons == ()
    assert best.inter_token_s <= mission.scenario.targets[0].limit
    assert best.needed_bytes <= 80 * 2**30  # an A100 or H100
    assert best.held_bytes == 0


@each_mission
def test_controls_can_express_baseline_and_tempting_design(part, variant):
    mission = part.mission(variant)

    for design in (mission.baseline, mission.tempting):
        for control in part.controls:
            assert getattr(design, control.id) in control.space
    assert 4 <= len(part.controls) <= 7


@pytest.mark.parametrize("part", [FUSE, INVENT], ids=["fuse", "invent"])
def test_a_mission_is_the_same_every_time(part):
    before = part.mission(3)
    part.mission.cache_clear()
    again = part.mission(3)

    assert again.baseline == before.baseline
    assert again.scenario.targets[0].limit == before.scenario.targets[0].limit


@pytest.mark.parametrize("part", [FUSE, INVENT], ids=["fuse", "invent"])
def test_every_answer_of_a_mission_is_right_somewhere(part):
    quantified = part.questions[1]
    right = Counter(quantified.answer(part.mission(each).scenario) for each in MANY)

    assert set(right) == {each.id for each in quantified.choices}


@pytest.mark.parametrize("part", [FUSE, INVENT], ids=["fuse", "invent"])
def test_feedback_of_a_mission_speaks_to_the_mechanism(part):
    for variant in range(4):
        place = part.mission(variant).scenario
        for question in part.questions:
            words = {each.id: question.explain(place, each.id) for each in question.choices}
            right = words[question.answer(place)]
            assert all(each.startswith(right) for each in words.values())
            assert all(len(each) < 900 and "nan" not in each for each in words.values())
            assert re.search(r"\d", right)


def test_the_shared_questions_are_asked_word_for_word():
    assert FUSE.questions[0].text == (
        "Does fusing Linear + ReLU reduce the total number of operations (O) or the total data moved (D_vol)?"
    )
    assert INVENT.questions[0].text == (
        "If a tiny draft model predicts tokens, does the total FLOPs per final token increase or decrease?"
    )


@pytest.mark.parametrize("part", [FUSE, INVENT], ids=["fuse", "invent"])
def test_the_locked_screen_of_a_mission_gives_nothing_away(part):
    text = " ".join((*part.briefing, *(each.text for each in part.questions))).lower()

    for word in ("memory-bound", "compute-bound", "latency", "ridge", "h100", "a100", "paged", "graph"):
        assert word not in text


def test_winners_differ_from_variant_to_variant():
    for part in (FUSE, INVENT):
        winners = {tuple(getattr(search_of(part, each).best[0], c.id) for c in part.controls) for each in range(12)}
        assert len(winners) >= 5
    batches = {search_of(FUSE, each).best[0].kv_layout for each in range(12)}
    models = {(search_of(INVENT, each).best[0].experts, search_of(INVENT, each).best[0].draft_tokens) for each in range(12)}
    assert batches == {"paged", "contiguous"}
    assert len(models) >= 4


def test_the_stakeholder_is_right_in_some_places_only():
    answers = [answer_demand(INVENT.mission(each), INVENT.controls, INVENT.demand) for each in range(10)]

    assert {each.possible for each in answers} == {True, False}
    for each in answers:
        assert each.possible == (each.best_factor >= 2)
        assert each.right


def test_full_fusion_cannot_be_built_and_says_why():
    mission = FUSE.mission(0)
    outcome = evaluate(mission.scenario, mission.baseline.replace(fusion="111111"))

    assert outcome.capacity.fits
    assert any("Cannot be built" in each and "shared memory" in each for each in outcome.reasons)


def test_a_cache_in_pages_holds_more_and_reads_slower():
    mission = FUSE.mission(0)
    paged, contiguous = (
        evaluate(mission.scenario, mission.baseline.replace(kv_layout=each)) for each in ("paged", "contiguous")
    )

    # Room for 8192 tokens of each, or for 128 + 512 and half a page.
    ratio = (contiguous.capacity.kv_bytes / paged.capacity.kv_bytes)
    assert ratio == pytest.approx(8192 / (128 + 1024 / 2 + 7.5))
    assert paged.capacity.max_batch_count > contiguous.capacity.max_batch_count
    attention = paged.operators.ids.index("attention")
    assert paged.operators.time_s[attention] > contiguous.operators.time_s[attention]


def test_the_footprint_of_the_mixture_is_twice_that_of_the_dense_model():
    mission = INVENT.mission(0)
    dense, mixed = (
        evaluate(mission.scenario, mission.baseline.replace(experts=each, sparsity="dense")) for each in ("dense", "tensor")
    )

    assert mixed.capacity.weight_bytes / dense.capacity.weight_bytes == pytest.approx(140.6 / 70.55, rel=1e-3)
    assert mixed.flop_per_output < dense.flop_per_output


def test_the_tiling_is_of_the_few_rows_of_the_baseline():
    mission = FUSE.mission(0)
    problem = FUSE.tiling(mission.scenario, mission.baseline)

    assert problem.rows == 32 + 4  # and 31 / 1024 x 128 prompt tokens, rounded up
    assert (problem.columns, problem.depth, problem.slots) == (8192, 28672 // 8, 108)


def test_few_bytes_beat_full_waves():
    # Of 288 rows: 16 x 64 with split-K 8 leaves no place idle, and moves five times the bytes of 128 x 128.
    mission = FUSE.mission(0)
    problem = replace(FUSE.tiling(mission.scenario, mission.baseline), rows=288)
    full = score_tiles(problem, tile_rows=16, tile_columns=64, splits=8)
    large = score_tiles(problem, tile_rows=128, tile_columns=128, splits=1)
    weights, values, sums = 8192 * 3584 * 2, 288 * 3584 * 2, 288 * 8192

    assert full.tile_fraction * full.wave_fraction > 0.99 > 0.67 > large.tile_fraction * large.wave_fraction
    assert full.moved_bytes == 18 * weights + 128 * values + sums * 2 + 2 * 8 * sums * 4
    assert large.moved_bytes == 3 * weights + 64 * values + sums * 2
    assert large.score_fraction > full.score_fraction


@each_mission
def test_the_trace_of_a_mission_is_as_long_as_its_layers(part, variant):
    mission = part.mission(variant)
    for design in (mission.baseline, search_of(part, variant).best[0]):
        outcome = evaluate(mission.scenario, design)
        trace = timeline(mission.scenario, design, outcome)
        inside = [
            at for at, each in enumerate(outcome.operators.ids) if each not in ("embed", "lm_head", "draft")
        ]
        layers_s = outcome.operators.time_s[inside].sum()

        assert trace.layers * trace.layer_time_s == pytest.approx(layers_s, rel=0.1)
