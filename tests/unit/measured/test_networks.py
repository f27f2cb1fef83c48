"""Whole networks: the vehicle's detector is what its track evaluates, others go through the same layers."""

import copy
from dataclasses import replace

import pytest

from rooflab.evaluate import evaluate
from rooflab.facts.devices import AR_GLASSES, JETSON_AGX_ORIN
from rooflab.facts.glasses import STREET_SCENE
from rooflab.facts.hearables import HEARABLE_CHIPS
from rooflab.measured.graphs import encoder, encoder_tokens, equal_layers
from rooflab.measured.predict import predict_row
from rooflab.measured.vehicle_rows import is_detector_of_the_lab
from rooflab.systems.glasses.filter import FILTER_IDS
from rooflab.tracks.edge_guardian.scenario import PLAIN, loop
from rooflab.tracks.mobile_nomad.scenario import PLAIN as PLAIN_GLASSES
from rooflab.tracks.mobile_nomad.scenario import glasses
from rooflab.tracks.tiny_pioneer import TINY_PIONEER
from tests.unit.measured.kernel_refit import kernel_rows

BY_ID = {each["id"]: each for each in kernel_rows()}


def changed(row_id, **inputs):
    row = copy.deepcopy(BY_ID[row_id])
    row["inputs"] |= inputs
    return row


def spec_of(device):
    return {
        "peak_flop_per_s": {str(name): value for name, value in device.peak_flop_per_s.items()}
        | {"fp32": device.vector_flop_per_s},
        "hbm_bytes_per_s": device.hbm_bytes_per_s,
        "sm_count": device.sm_count,
    }


@pytest.mark.parametrize(("precision", "fusion"), [("fp16", "1000"), ("int8", "0000")])
@pytest.mark.parametrize("batch", [1, 4])
def test_a_row_of_the_detector_is_what_the_track_shows(precision, fusion, batch):
    design = PLAIN.replace(
        precision=precision, fusion=fusion, batch=batch, dispatch="graph", input_path="mapped", resolution=640
    )
    shown = evaluate(loop(0), design).operators
    at = [shown.ids.index(each) for each in ("stem", "backbone", "neck", "head", "decode")]

    row = changed("ED-10", device_spec=spec_of(JETSON_AGX_ORIN), precision=precision, batch=batch)
    assert predict_row(row) == float(shown.time_s[at].sum()) / batch


@pytest.mark.parametrize(("precision", "format_"), [("fp16", "fp16"), ("int8", "w8a8")])
def test_a_row_of_the_filter_is_what_the_track_shows(precision, format_):
    one_image = glasses(0, scene=replace(STREET_SCENE, patches=1))
    shown = evaluate(one_image, PLAIN_GLASSES.replace(precision=format_, fusion="10101", translations_per_s=1)).operators
    at = [shown.ids.index(each) for each in FILTER_IDS]

    row = changed(
        "ED-01", model="mobilenet-v3-small", precision=precision, device="ar-glasses", device_spec=spec_of(AR_GLASSES)
    )
    assert predict_row(row) == float(shown.time_s[at].sum())


def test_what_the_track_cannot_run_goes_through_its_layers():
    inputs = BY_ID["ED-10"]["inputs"]

    assert is_detector_of_the_lab(inputs)
    for other in ({"precision": "fp32"}, {"batch": 32}, {"input_shape": [3, 640, 480]}, {"model": "resnet-50"}):
        assert not is_detector_of_the_lab(inputs | other)
        assert predict_row(changed("ED-10", **other)) > 0


@pytest.mark.parametrize("chip", [each for each in HEARABLE_CHIPS if each.id != "nrf54lm20b"], ids=lambda each: each.id)
@pytest.mark.parametrize("implementation", ["scalar", "vector"])
def test_a_product_of_the_earbud_is_the_kernel_of_a_row(chip, implementation):
    scenario = TINY_PIONEER.scenario(0)
    design = scenario.crisis.replace(
        chip_id=chip.id, placement="sram", weights="int8", kernel=implementation, fusion="00001", hops_batched=1, hidden=96,
        gate="none", sparsity="dense", experts=1,
    )  # fmt: skip
    shown = evaluate(scenario, design).operators
    at = shown.ids.index("recurrent")
    product = {
        "kernel": "fully_connected", "precision": "int8", "implementation": implementation, "macs": 4 * 96 * 96,
        "outputs": 4 * 96, "dot_length": 96, "device": chip.id, "device_spec": {"clock_hz": chip.clock_hz},
    }  # fmt: skip

    row = {"id": "x", "quantity": "mcu_kernel_time_s", "inputs": product}
    assert predict_row(row) == shown.time_s[at]


def test_an_encoders_products_are_those_of_its_shape():
    inputs = BY_ID["H2-89"]["inputs"]
    network = encoder(inputs)

    assert encoder_tokens(inputs) == 384
    # 24 layers of 12 hidden^2 weights; the flop of the row has the scores too
    assert network.weights_count == 24 * 12 * 1024**2
    assert 2 * network.macs_count == 2 * 384 * 24 * 12 * 1024**2


def test_an_image_has_as_many_tokens_as_its_flop_say():
    vit = {"shape": {"layers": 12, "hidden": 768, "params_active": 86e6}, "flop": 2 * 86e6 * 197}

    assert encoder_tokens(vit) == 197


def test_attention_of_few_heads_leaves_multiprocessors_idle():
    one, seven = (changed("H2-90", batch=each) for each in (1, 6))

    # 16 heads and 96 heads are one wave of blocks on 108 multiprocessors.
    assert predict_row(seven) < predict_row(one) / 2


def test_an_unknown_network_keeps_flop_and_weights():
    inputs = BY_ID["ED-01"]["inputs"] | {"model": "unheard-of"}
    network = equal_layers(inputs)

    assert 2 * network.macs_count == pytest.approx(8.2e9, rel=0.05)
    assert network.weights_count == pytest.approx(25.6e6, rel=0.01)


def test_little_arithmetic_moves_more_for_each_operation():
    light, other = (
        changed("ED-01", model=name, flop=0.6e9, params=3.5e6, weight_bytes=3.5e6) for name in ("mobilenet-v2", "unheard-of")
    )

    assert predict_row(light) > predict_row(other)


def test_fixed_function_units_work_alone_or_beside_the_gpu():
    gpu, both, alone = (predict_row(changed("ED-02", engines=each)) for each in ("gpu", "gpu+dla", "dla"))

    assert both > gpu
    assert both > alone


def test_a_board_of_which_one_peak_is_known_is_enough():
    spec = {"peak_flop_per_s": {"int8": 33.5e12}, "hbm_bytes_per_s": 102e9, "tdp_w": 25, "sm_count": 8}

    assert predict_row(changed("ED-10", device_spec=spec)) > 0
