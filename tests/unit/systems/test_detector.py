"""The detector, kernel by kernel: bytes and launches by hand, and what fusing may and may not do."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rooflab.facts.networks import RESNET_50, YOLOV8N
from rooflab.model.network_layers import layers_of
from rooflab.systems.vehicle.columns import columns_of
from rooflab.systems.vehicle.detector import FULL, detector_cost, detector_work
from rooflab.tracks.edge_guardian.scenario import PLAIN, loop

SCENARIO = loop(0)
FUSIONS = ["".join(each) for each in product("01", repeat=4)]
LAYERS = {each.name: at for at, each in enumerate(YOLOV8N.layers)}
CONVOLUTIONS = sum(each.macs_count > 0 for each in YOLOV8N.layers)


def cost(scenario=SCENARIO, **changes):
    _, columns = columns_of(PLAIN.replace(**changes))
    return detector_cost(scenario, columns | {"look": np.full(len(columns["batch"]), FULL)})


def work(**changes):
    _, columns = columns_of(PLAIN.replace(**changes))
    return detector_work(SCENARIO, columns | {"look": np.full(len(columns["batch"]), FULL)})


def total(values):
    return float(values.sum())


def test_unfused_layers_move_what_the_formulas_count():
    done = work()
    at = LAYERS["4 split"]
    layer = YOLOV8N.layers[at]

    # X + 5 Y for convolution, norm and activation, in FP16; weights apart; three launches.
    assert done.own_bytes[at, 0] + done.pass_bytes[at, 0] == 2 * (layer.input_count + 5 * layer.output_count)
    assert done.weight_bytes[at, 0] == 2 * layer.weights_count
    assert done.launches[at, 0] == 3


@pytest.mark.parametrize(("fusion", "passes"), [("1000", 1), ("0100", 1), ("1100", 0)])
def test_a_fused_boundary_saves_a_write_and_a_read(fusion, passes):
    done = work(fusion=fusion)
    at = LAYERS["4 split"]
    layer = YOLOV8N.layers[at]

    moved = done.own_bytes[at, 0] + done.pass_bytes[at, 0]
    assert moved == 2 * (layer.input_count + (1 + 2 * passes) * layer.output_count)
    assert done.launches[at, 0] == 1 + passes


def test_a_concatenation_is_free_once_a_neighbour_does_it():
    at = LAYERS["4 gather"]
    made = YOLOV8N.layers[at].output_count

    assert work().pass_bytes[at, 0] == 2 * 2 * made
    assert work(fusion="0010").pass_bytes[at, 0] == 0
    assert work(fusion="0001").launches[at, 0] == 0


def test_a_sum_still_reads_the_other_summand():
    at = LAYERS["4 pair 1 sum"]
    made = YOLOV8N.layers[at].output_count

    assert work().pass_bytes[at, 0] == 2 * 3 * made
    assert work(fusion="0010").pass_bytes[at, 0] == 2 * made


def test_launches_of_the_whole_network():
    convolutions = CONVOLUTIONS
    activated = sum(each.activated for each in YOLOV8N.layers)
    joins = sum(each.joins for each in YOLOV8N.layers)

    assert total(cost().launches) == convolutions + 2 * activated + joins + 3  # three pools
    assert total(cost(fusion="1110").launches) == convolutions + 3


def test_operations_are_the_same_at_every_level_but_for_what_is_computed_twice():
    unfused = cost()
    for fusion in FUSIONS:
        fused = cost(fusion=fusion)
        if fusion == "1111":
            assert total(fused.matrix_flop) > total(unfused.matrix_flop)
        else:
            assert total(fused.matrix_flop) == pytest.approx(total(unfused.matrix_flop), rel=1e-12)
        assert total(fused.needed_flop) == pytest.approx(2 * YOLOV8N.macs_count, rel=1e-12)


def test_a_pair_computes_the_edge_of_its_tile_twice():
    plain, paired = work(), work(fusion="1111")
    first = LAYERS["2 pair 1 first"]  # 16 channels each way: both fit on a multiprocessor

    assert paired.matrix_flop[first, 0] == pytest.approx(plain.matrix_flop[first, 0] * (18 / 16) ** 2)
    assert paired.launches[first, 0] == 0


def test_a_pair_too_large_for_a_multiprocessor_stays_two_kernels():
    first = LAYERS["8 pair 1 first"]  # 128 channels: weights of both take 590 kB of 164

    assert work(fusion="1111").launches[first, 0] == 1


def test_every_boundary_fused_takes_bytes_and_launches_away():
    costs = {fusion: cost(fusion=fusion) for fusion in FUSIONS}
    for fusion in FUSIONS:
        for at in range(4):
            if fusion[at] == "0":
                more = costs[fusion[:at] + "1" + fusion[at + 1 :]]
                assert total(more.activation_bytes) <= total(costs[fusion].activation_bytes) + 1e-6
                assert total(more.launches) <= total(costs[fusion].launches)


@given(fusion=st.sampled_from(FUSIONS), batch=st.sampled_from([1, 2, 4]), precision=st.sampled_from(["fp16", "int8"]))
def test_a_batch_reads_its_weights_once_and_fills_the_multiprocessors(fusion, batch, precision):
    one = cost(fusion=fusion, precision=precision)
    many = cost(fusion=fusion, precision=precision, batch=2 * batch)

    assert total(many.weight_bytes) == pytest.approx(total(one.weight_bytes))
    assert total(many.activation_bytes) == pytest.approx(2 * batch * total(one.activation_bytes))
    assert total(many.launches) == total(one.launches)
    assert total(many.kernel_s) <= 2 * batch * total(one.kernel_s) * (1 + 1e-12)


def test_half_of_the_side_is_a_quarter_of_the_work():
    assert total(cost(resolution=320).matrix_flop) == pytest.approx(total(cost().matrix_flop) / 4)
    assert total(cost(resolution=320).weight_bytes) == pytest.approx(total(cost().weight_bytes))


def test_zeros_anywhere_save_bytes_and_no_products():
    dense, anywhere, pattern = (cost(sparsity=each) for each in ("dense", "unstructured", "2:4"))

    assert total(anywhere.matrix_flop) == total(dense.matrix_flop)
    assert total(anywhere.weight_bytes) == pytest.approx(total(dense.weight_bytes) * (0.5 * 2 + 1 / 8) / 2)
    assert total(pattern.matrix_flop) == pytest.approx(total(dense.matrix_flop) / 2)
    assert total(pattern.compute_s) > total(dense.compute_s) / 2  # not twice as fast


def test_a_grid_gives_what_its_designs_give():
    grid = cost(fusion=np.array(FUSIONS), precision="int8", batch=np.array([1, 4] * 8))
    for at in (0, 5, 15):
        alone = cost(fusion=FUSIONS[at], precision="int8", batch=(1, 4)[at % 2])
        assert grid.kernel_s[:, at] == pytest.approx(alone.kernel_s[:, 0], rel=1e-12)


def test_another_network_comes_near_its_published_time():
    # MLPerf Inference v3.1, AGX Orin, ResNet-50 in INT8, one image: 0.64 ms. Nothing was fitted to it.
    found = cost(loop(0, network=RESNET_50), precision="int8", fusion="1110")
    machine = SCENARIO.calibration
    starts_s = total(found.launches) * (machine.kernel_start_s + machine.graph_gap_s)

    assert total(found.kernel_s) + starts_s == pytest.approx(0.64e-3, rel=0.2)


def test_layers_are_columns_of_the_network():
    layers = layers_of(YOLOV8N)

    assert layers.macs_count.sum() == sum(each.macs_count for each in YOLOV8N.layers)
    assert layers.stage_count.sum() == len(YOLOV8N.layers)
    assert layers.next_taps_count[LAYERS["2 pair 1 first"], 0] == 9  # a 3 x 3 filter at stride 1
    assert layers.next_taps_count[LAYERS["0 down"], 0] == 9 / 4  # and at stride 2
