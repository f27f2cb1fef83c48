"""The graphics device: its roofs beside one core's, and nothing from what is done in software."""

from tests.unit.machine.measurements import RUN, rows

from rooflab.machine.checks import expected_checksum
from rooflab.machine.study import study
from rooflab.views.machine.graphics import graphics_markup

HARD, SOFT = {"name": "A GPU", "software": False}, {"name": "SwiftShader", "software": True}


def graphic(kernel, variant, size, sample_s):
    checksum = expected_checksum(kernel, variant, size)
    return {"kernel": kernel, "variant": variant, "size": size, "workers": 1, "where": "webgpu", "samples_s": [sample_s], "checksum": checksum}


FAST = [graphic("peak", "simd", 1000, 96e3 / 10e12), graphic("triad", "", 2**26, 12 * 2**24 / 500e9), graphic("batch", "", 1, 3e-4)]


def made(gpu, listed=()):
    return study(RUN | {"gpu": gpu}, [*rows(), *listed])


def test_its_roofs_are_figures_of_their_own():
    found = made(HARD, FAST)

    assert round(found.graphics.peak_flop_per_s / 1e12, 1) == 10.0
    assert round(found.figures["graphics-ridge"], 1) == 20.0
    assert found.figures["peak"] == made(None).figures["peak"]


def test_without_one_there_are_no_figures_and_it_is_said():
    found = made(None)

    assert found.graphics is None
    assert not [each for each in found.figures if each.startswith("graphics")]
    assert "No graphics device was measured" in graphics_markup(found)


def test_software_is_named_and_concluded_from_in_nothing():
    found = made(SOFT, FAST)

    assert found.graphics is None
    assert "SwiftShader" in graphics_markup(found)
    assert "nothing is concluded" in graphics_markup(found)


def test_what_does_not_say_that_it_is_hardware_is_taken_for_software():
    assert made({"name": "?"}, FAST).graphics is None


def test_its_vector_units_are_labelled():
    words = graphics_markup(made(HARD, FAST))

    assert "vector units" in words.lower() and "tensor cores" in words
    assert "A GPU" in words


def test_a_name_holds_no_markup():
    assert "<b>" not in graphics_markup(made({"name": "<b>GPU", "software": False}, FAST))
