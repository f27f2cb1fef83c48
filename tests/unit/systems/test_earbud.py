"""Audio hops: times, powers and memories counted by hand, invariants, and speed."""


import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rooflab.errors import BadDesign
from rooflab.evaluate import design_from_json, error_band, evaluate, kind_of, sweep, timeline
from rooflab.facts.hearables import BUSES, HEARABLE_CHIPS
from rooflab.facts.microcontrollers import NRF54LM20B
from rooflab.systems.earbud.design import HOP_GATES, HOP_PLACEMENTS, HOP_SPARSITIES, EarbudDesign
from rooflab.tracks.tiny_pioneer.scenario import START, earbud

CLOCK = 240e6
SCENARIO = earbud(0, flash="quad bus at 80 MHz", psram="octal bus at 80 MHz")
S3 = START.replace(chip_id="esp32-s3", weights="int8", placement="sram")
CHIPS = [each.id for each in HEARABLE_CHIPS]


def outcome(design=S3, **changes):
    return evaluate(SCENARIO, design.replace(**changes))


def test_the_hop_of_the_vector_core_is_counted_by_hand():
    macs = 400 * 176 * 0.681
    rows_and_call = 3840 + 400 * 27.9
    small = 500 * 15 + 900 * 5  # 5 H values looked up, 9 H added or multiplied

    assert outcome().hop_time_s == pytest.approx((macs + rows_and_call + small) / CLOCK)


def test_flash_holds_the_vector_core_up_by_whole_lines():
    waiting = 400 * 192 / (0.7 * 40e6)  # 164 bytes in 6 lines of 32, of 0.7 of the bus

    assert outcome(placement="flash").bound_times_s[0] == pytest.approx(waiting + 1600 / 28e6, rel=1e-3)


def test_the_scalar_core_asks_for_fifteen_megabytes_a_second():
    scalar = outcome(chip_id="esp32", placement="sram")

    assert scalar.asked_bytes_per_s == pytest.approx(CLOCK / 15.5)
    assert outcome(chip_id="esp32", placement="flash").bound == 1  # compute


def test_the_vector_core_asks_for_350_megabytes_a_second():
    assert outcome(hidden=96).asked_bytes_per_s == pytest.approx(CLOCK / 0.681)


def test_float_weights_make_the_esp32_memory_bound():
    assert outcome(START, placement="flash").bound == 0


def test_int8_is_slower_than_float_on_a_core_without_vectors_once_nothing_waits():
    narrow, wide = (outcome(START, placement="sram", weights=each) for each in ("int8", "float32"))

    assert narrow.hop_time_s > 3 * wide.hop_time_s  # 15.5 against 4.1 cycles


def test_power_is_awake_asleep_and_the_front_end():
    found = outcome()
    chip = SCENARIO.chip("esp32-s3")
    awake = float(found.hop_time_s + chip.wake_s) / SCENARIO.earbud.hop_s

    assert found.power_w == pytest.approx(
        awake * 0.108 * 3.3 + (1 - awake) * 0.24e-3 * 3.3 + SCENARIO.earbud.front_end_w
    )


def test_an_accelerator_is_paid_by_the_multiply_add_and_the_byte():
    found = outcome(chip_id="nrf54lm20b")
    products_j = 65_600 * (14.5e-12 + 36.4e-12)

    assert found.network_power_w * 5e-3 > products_j
    small_s = float(found.operators.time_s[3:].sum()) + 20e-6  # pointwise steps and waking, by the processor
    assert found.network_power_w * 5e-3 == pytest.approx(products_j + small_s * 9e-3, rel=1e-6)


def test_the_accelerators_published_times_come_out():
    kernel = next(each for each in HEARABLE_CHIPS if each.id == "nrf54lm20b").kernels["int8", "vector"]
    published = NRF54LM20B

    assert 2.66e6 * kernel.mac_cycles / 128e6 == pytest.approx(published.keyword_time_s)
    memory = next(each for each in HEARABLE_CHIPS if each.id == "nrf54lm20b").memories["sram"]
    assert 270e3 / memory.bytes_per_s == pytest.approx(published.anomaly_time_s)


def test_a_chip_that_cannot_keep_up_never_sleeps():
    found = outcome(START, placement="flash", hidden=128)

    assert found.busy_fraction > 1
    assert found.sleep_power_w == 0


def test_collected_hops_delay_the_first_of_them():
    one, four = outcome(), outcome(hops_batched=4)

    assert four.delay_s == pytest.approx(4 * (5e-3 + four.hop_time_s))
    assert four.delay_s > 10e-3 > one.delay_s


def test_a_gate_spares_the_network_and_not_the_longest_hop():
    plain, gated = outcome(), outcome(gate="cautious")
    run = 1 - SCENARIO.earbud.silent_fraction * 0.70

    assert gated.step_time_s == pytest.approx(plain.step_time_s * (run + 0.06))
    assert gated.hop_time_s == pytest.approx(plain.hop_time_s * 1.06)
    assert gated.speech_lost_fraction > plain.speech_lost_fraction == 0


def test_experts_are_all_stored_and_one_runs():
    one, four = outcome(), outcome(experts=4)

    assert four.footprint_bytes == pytest.approx(4 * one.footprint_bytes)
    assert four.step_time_s == pytest.approx(one.step_time_s * 1.04)  # the router
    assert four.equivalent_states_count == pytest.approx(100 / 0.6)


def test_scattered_zeros_are_multiplied_and_blocks_are_not():
    dense, blocks, scattered = (outcome(sparsity=each) for each in HOP_SPARSITIES)

    assert blocks.hop_time_s < dense.hop_time_s < scattered.hop_time_s
    assert scattered.footprint_bytes < dense.footprint_bytes
    assert scattered.operators.flop.sum() == dense.operators.flop.sum()


def test_a_memory_that_a_chip_lacks_is_an_outcome_with_a_reason():
    found = outcome(chip_id="apollo4-plus", placement="psram")

    assert not found.feasible
    assert "no memory of this kind" in found.reasons[0]


def test_out_of_memory_is_an_outcome_with_a_reason():
    found = outcome(weights="float32", hidden=256)

    assert not found.capacity.fits
    assert found.reasons[0].startswith("Out of memory")


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(CHIPS),
    st.sampled_from(HOP_PLACEMENTS),
    st.sampled_from(["int8", "float32"]),
    st.integers(8, 256),
    st.sampled_from(["00000", "00111", "01111", "10101", "11111"]),
    st.sampled_from(HOP_SPARSITIES),
    st.sampled_from(HOP_GATES),
)
def test_invariants(chip_id, placement, weights, hidden, fusion, sparsity, gate):
    found = outcome(
        chip_id=chip_id, placement=placement, weights=weights, hidden=hidden, fusion=fusion, sparsity=sparsity, gate=gate
    )
    operators = found.operators
    drawn = operators.flop > 0
    roof = np.minimum(found.peak_flop_per_s, operators.intensity_flop_per_byte * found.hbm_bytes_per_s)

    assert np.all(operators.attained_flop_per_s[drawn] <= roof[drawn] * (1 + 1e-9))
    assert operators.time_s.sum() == pytest.approx(float(found.step_time_s), rel=1e-9)
    assert found.bound_times_s.sum() == pytest.approx(float(found.step_time_s), rel=1e-9)
    assert 0 < found.mfu_fraction <= 1
    assert 0 < found.mbu_fraction <= 1
    assert 0 < found.line_fraction <= 1 + 1e-12
    assert found.power_w > SCENARIO.earbud.front_end_w


@given(st.integers(8, 200), st.sampled_from(["sram", "flash", "psram"]))
def test_a_faster_bus_is_never_slower(hidden, placement):
    slow = earbud(0, flash="quad bus at 40 MHz", psram="quad bus at 40 MHz")
    design = S3.replace(hidden=hidden, placement=placement)

    assert evaluate(SCENARIO, design).hop_time_s <= evaluate(slow, design).hop_time_s


def test_fusing_more_is_never_slower():
    texts = np.array(["00000", "00011", "00111", "01111", "11111"])

    assert np.all(np.diff(outcome(fusion=texts).hop_time_s) < 0)


def test_a_grid_gives_what_its_designs_give():
    hidden, chips = np.array([[64], [100]]), np.array(["esp32", "nrf54lm20b", "apollo4-plus"])
    grid = outcome(hidden=hidden, chip_id=chips)

    assert grid.power_w.shape == (2, 3)
    assert grid.operators.flop.shape == (7, 2, 3)
    for row, states in enumerate((64, 100)):
        for column, chip_id in enumerate(chips):
            assert grid.power_w[row, column] == outcome(hidden=states, chip_id=str(chip_id)).power_w


def test_every_figure_that_is_offered_can_be_asked_for():
    found = sweep(SCENARIO, S3.replace(hidden=np.array([64, 96])), figures=kind_of(SCENARIO).figures)

    assert all(each.shape == (2,) for each in found.values())



def test_the_trace_adds_up_to_the_step():
    for design in (S3, S3.replace(fusion="00111"), S3.replace(fusion="00000", gate="cautious")):
        found = evaluate(SCENARIO, design)
        trace = timeline(SCENARIO, design, found)
        assert trace.layer_time_s == pytest.approx(float(found.step_time_s))
        assert trace.starts_s[0] == pytest.approx(trace.gaps_before_s[0])
    assert timeline(SCENARIO, S3.replace(fusion="00111")).names[-1] == (
        "Sum and bias + gate activations + cell update + output"
    )


def test_the_band_is_the_range_over_what_is_assumed():
    band = error_band(SCENARIO, S3.replace(placement="flash"), outcome(placement="flash"))

    assert not band.validated
    assert band.low_s < outcome(placement="flash").step_time_s < band.high_s


def test_a_design_comes_back_from_json():
    assert design_from_json(S3.to_json()) == S3


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"chip_id": "pico"}, "no chip 'pico'; it has esp32, esp32-s3"),
        ({"experts": 3}, "experts must be one of 1, 2, 4"),
        ({"hidden": 0}, "hidden must be a whole number from 1"),
        ({"fusion": "111"}, "fusion must be one of"),
        ({"gate": "wide"}, "gate must be one of none, cautious"),
        ({"chip_id": 7}, "chip_id must be text"),
    ],
)
def test_what_cannot_be_is_refused_in_words(changes, words):
    with pytest.raises(BadDesign, match=words):
        outcome(**changes)


def test_buses_are_as_fast_as_their_lines_and_clocks():
    assert sorted(each.bytes_per_s for each in BUSES.values()) == [10e6, 20e6, 40e6, 160e6]
    assert isinstance(S3, EarbudDesign)


def test_both_products_run_in_one_kernel():
    macs = 4 * 112 * (64 + 112) * 0.681  # rows of 176 fill 11 vectors
    rows_and_call = 3840 + 4 * 112 * 27.9
    operators = outcome(hidden=112).operators

    assert operators.time_s[1:3].sum() == pytest.approx((macs + rows_and_call) / CLOCK)
