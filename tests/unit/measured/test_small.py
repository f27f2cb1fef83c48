"""Microcontrollers: kernels cycle by cycle, and whole networks as the sum of their kernels."""

import copy

import pytest

from rooflab.measured.predict import predict_row
from rooflab.measured.rows import RowError
from rooflab.measured.tiny_networks import tiny_layers
from tests.unit.measured.kernel_refit import kernel_rows

BY_ID = {each["id"]: each for each in kernel_rows()}


def changed(row_id, **inputs):
    row = copy.deepcopy(BY_ID[row_id])
    row["inputs"] |= inputs
    return row


def test_a_call_its_outputs_and_its_multiply_adds_add_up():
    # 271 of 16 lanes are 17 vectors, 272 places, for each of 3 outputs.
    cycles = 370 + 3 * 61 + 3 * 272 * 0.44

    assert predict_row(BY_ID["U2-45"]) == pytest.approx(cycles / 360e6)


def test_a_channel_multiplier_breaks_the_lanes():
    geometry = {
        "kernel": "depthwise_conv2d", "macs": 25 * 32 * 100, "outputs": 32 * 100, "dot_length": 25, "kernel_height": 5,
        "kernel_width": 5, "out_channels": 32,
    }  # fmt: skip
    whole, broken = (predict_row(changed("U2-43", in_channels=each, **geometry)) for each in (32, 4))

    # Eight outputs of each channel fill half of a vector, so every multiply-add is done twice.
    assert broken - whole == pytest.approx(25 * 32 * 100 * 0.44 / 360e6)


def test_plain_c_finds_the_place_of_every_tap():
    geometry = {"kernel": "depthwise_conv2d", "macs": 9 * 16 * 196, "outputs": 16 * 196, "dot_length": 9}
    free = predict_row(changed("U2-44", **geometry, kernel_height=1, kernel_width=1))
    taps = predict_row(changed("U2-44", **geometry, kernel_height=3, kernel_width=3))

    assert taps - free == pytest.approx(16 * 196 * 9 * 12 / 360e6)


def test_a_core_without_wide_multiplies_runs_plain_c():
    fast, slow = (predict_row(changed("MC-12", device=each)) for each in ("stm32f746", "rp2040"))

    assert 4 < slow / fast < 9


@pytest.mark.parametrize(
    ("model", "macs", "weights"),
    # Banbury et al. 2021, MLPerf Tiny; weights without biases
    [
        ("mobilenet-v1-0.25-vww", 7.49e6, 208e3),
        ("ds-cnn-kws", 2.66e6, 22e3),
        ("resnet-8-ic", 12.5e6, 77e3),
        ("autoencoder-ad", 0.264e6, 264e3),
    ],
)
def test_kernels_add_up_to_the_published_network(model, macs, weights):
    layers = [*tiny_layers({"model": model})]
    places = [each["outputs"] // each["out_channels"] for each in layers]

    assert sum(each["macs"] for each in layers) == pytest.approx(macs, rel=0.01)
    assert sum(each["macs"] // at for each, at in zip(layers, places, strict=True)) == pytest.approx(weights, rel=0.02)


def test_a_network_whose_graph_is_not_known_has_the_same_multiply_adds():
    known, unknown = BY_ID["U2-47"], changed("U2-47", model="unheard-of")

    assert sum(each["macs"] for each in tiny_layers(unknown["inputs"])) == pytest.approx(7.49e6, rel=0.1)
    assert predict_row(unknown) == pytest.approx(predict_row(known), rel=0.3)


def test_an_accelerator_is_bound_by_products_or_by_weights():
    axon = {"device": "nordic-axon-npu", "device_spec": {"supply_v": 3.0}}
    products = predict_row(changed("U2-47", **axon, macs=2656768, weight_bytes=1.0))
    weights = predict_row(changed("U2-47", **axon, macs=1, weight_bytes=264192))

    # Nordic's tables: 4.5 ms for keyword spotting, 1.3 ms for the dense network.
    assert (products, weights) == pytest.approx((4.5e-3, 1.3e-3))


def test_a_chip_of_which_nothing_is_known_is_refused():
    with pytest.raises(RowError, match="nothing says how fast the chip multiplies"):
        predict_row(changed("U2-47", device="box", device_spec={"peak_flop_per_s": None}))


def test_a_core_pays_for_the_time_it_is_awake():
    time_s = predict_row(BY_ID["U2-47"])
    row = changed("U2-47") | {"quantity": "inference_energy_j"}
    other = changed("U2-47", device="stm32l4r5zi", device_spec={"clock_hz": 120e6}) | {"quantity": "inference_energy_j"}

    assert predict_row(row) == pytest.approx(time_s * 0.108 * 3.3)  # the ESP32-S3's current and supply
    assert predict_row(other) / predict_row(other | {"quantity": "network_latency_s"}) == pytest.approx(0.3e-9 * 120e6)


def test_an_accelerator_beside_a_core_is_held_to_its_peak():
    spec = {"clock_hz": 100e6, "peak_flop_per_s": {"int8": 57.6e9}}
    alone = changed("U2-47", device="max78000", device_spec=spec)

    assert predict_row(alone) == pytest.approx(14.98e6 / (0.25 * 57.6e9))


@pytest.mark.parametrize("software", ["tflite-micro with CMSIS-NN", "tflite-micro"])
def test_the_library_that_a_row_names_is_used(software):
    named = predict_row(changed("U2-47", device="board", device_spec={"clock_hz": 100e6}, software=software))
    plain = predict_row(changed("U2-47", device="board", device_spec={"clock_hz": 100e6}, software=None))

    assert (named < plain) == ("CMSIS" in software)
