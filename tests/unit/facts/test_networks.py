"""Layer lists of vision networks against the totals that their authors print."""

import pytest

from rooflab.errors import FactError
from rooflab.facts.networks import RESNET_50, YOLOV8N
from rooflab.specs import Layer, Network


def test_yolov8n_has_the_printed_operations_and_parameters():
    # The table of models prints 8.7 GFLOP (two for each multiply-add) and 3.2 M parameters.
    assert 2 * YOLOV8N.macs_count == pytest.approx(8.7e9, rel=0.03)
    assert YOLOV8N.weights_count == pytest.approx(3.2e6, rel=0.03)


def test_yolov8n_has_the_convolutions_of_its_blocks():
    convolutions = [each for each in YOLOV8N.layers if each.macs_count]

    # 7 down, C2f blocks of 2 + 2 n for n = 1, 2, 2, 1 and four of 1, SPPF 2, head 3 x 2 x 3.
    assert len(convolutions) == 7 + (4 + 6 + 6 + 4 + 4 * 4) + 2 + 18
    assert sum(not each.activated for each in convolutions) == 6


def test_resnet_50_has_the_printed_operations_and_parameters():
    # 4.1 G multiply-adds and 25.6 M parameters (torchvision).
    assert RESNET_50.macs_count == pytest.approx(4.1e9, rel=0.03)
    assert RESNET_50.weights_count == pytest.approx(25.6e6, rel=0.03)


def test_the_first_convolution_by_hand():
    first = YOLOV8N.layers[0]

    assert first.output_count == 16 * 320 * 320
    assert first.input_count == 3 * 640 * 640
    assert first.macs_count == 16 * 320 * 320 * 3 * 9
    assert first.weights_count == 16 * 3 * 9 + 2 * 16  # scale and shift of each channel
    assert first.other_flop == 6 * first.output_count


@pytest.mark.parametrize("network", (YOLOV8N, RESNET_50), ids=lambda each: each.id)
def test_a_chained_layer_hands_its_output_to_the_next(network):
    for before, after in zip(network.layers, network.layers[1:], strict=False):
        if before.chained:
            assert before.output_count == after.input_count


def test_a_concatenation_moves_what_it_takes():
    for each in YOLOV8N.layers:
        if each.joins and "gather" in each.name:
            assert each.input_count == each.output_count
            assert each.macs_count == 0


def test_a_layer_that_is_no_product_is_refused():
    source = next(iter(YOLOV8N.sources))
    odd = Layer(
        name="odd", stage="body", macs_count=7, weights_count=1, input_count=2, output_count=2, channels=1
    )

    with pytest.raises(FactError, match="odd is no product"):
        Network(id="odd", name="Odd", layers=(odd,), sources={source: ("layers",)})


def test_stages_keep_their_order_and_hold_every_layer():
    assert YOLOV8N.stages == ("stem", "backbone", "neck", "head")
    assert sum(len(YOLOV8N.of(each)) for each in YOLOV8N.stages) == len(YOLOV8N.layers)


@pytest.mark.parametrize(
    ("network", "macs", "weights", "outputs", "inputs"),
    [(YOLOV8N, 4_371_456_000, 3_157_184, 25_164_800, 30_201_600), (RESNET_50, 4_089_184_256, 25_557_032, 16_837_096, 22_606_336)],
    ids=lambda each: getattr(each, "id", ""),
)
def test_the_layers_add_up_to_the_last_multiply_add(network, macs, weights, outputs, inputs):
    assert (network.macs_count, network.weights_count) == (macs, weights)
    assert sum(each.output_count for each in network.layers) == outputs
    assert sum(each.input_count for each in network.layers) == inputs


def test_every_layer_of_the_detector_is_named_by_its_block_and_once():
    names = [each.name for each in YOLOV8N.layers]
    blocks = [int(each.split()[0]) for each in names]

    assert len(set(names)) == len(names)
    assert blocks == sorted(blocks)
    assert set(blocks) == set(range(23))
    # As ultralytics numbers them: C2f 2 to 8 and 12 to 21, SPPF 9, concatenations 11, 14, 17 and 20.
    assert [each for each in names if each.endswith("gather")] == [f"{at} gather" for at in (2, 4, 6, 8, 9, 11, 12, 14, 15, 17, 18, 20, 21)]
