"""From the inputs of a row to the scenario and the design in which the glasses' track runs the same filter."""

from dataclasses import replace
from typing import Any

from rooflab.evaluate import evaluate
from rooflab.facts.glasses import GLASSES_BODY, GLASSES_ENERGY, GLASSES_NPU, STREET_SCENE
from rooflab.facts.networks_mobile import MOBILENET_V3_SMALL, TINY_TRANSLATOR
from rooflab.measured.row_device import row_device
from rooflab.systems.glasses.design import GlassesDesign
from rooflab.systems.glasses.filter import FILTER_IDS
from rooflab.systems.glasses.scenario import GlassesScenario

__all__ = ["filter_s", "is_filter_of_the_lab"]

Inputs = dict[str, Any]

_FORMATS = {"fp16": "fp16", "int8": "w8a8"}
_MOST_IMAGES = 16  # of a design
_FUSION = "10101"  # an engine folds norms and activations into the operator before them


def is_filter_of_the_lab(inputs: Inputs) -> bool:
    """Return whether the glasses' track can run the network of a row: its blocks, format, input size and batch."""
    shape = inputs.get("input_shape")
    return (
        inputs.get("model") == MOBILENET_V3_SMALL.id
        and inputs.get("precision") in _FORMATS
        and (inputs.get("batch") or _MOST_IMAGES) <= _MOST_IMAGES
        and (not shape or list(shape) == [3, MOBILENET_V3_SMALL.input_size, MOBILENET_V3_SMALL.input_size])
        and bool(inputs["device_spec"].get("hbm_bytes_per_s"))
    )


def filter_s(inputs: Inputs) -> float:
    """Return what the track's evaluation takes for the filter on one image."""
    shown = evaluate(_scenario(inputs), _design(inputs)).operators
    return float(shown.time_s[[shown.ids.index(each) for each in FILTER_IDS]].sum())


def _scenario(inputs: Inputs) -> GlassesScenario:
    """Return the glasses on the row's device, with one image for a frame."""
    return GlassesScenario(
        track_id="row",
        variant=0,
        device=row_device(inputs),
        beside=(),
        filter=MOBILENET_V3_SMALL,
        translator=TINY_TRANSLATOR,
        energy=GLASSES_ENERGY,
        body=GLASSES_BODY,
        scene=replace(STREET_SCENE, patches=1),
        on_chip_bytes=inputs["device_spec"].get("sram_bytes") or 1e6,
        calibration=GLASSES_NPU,
    )


def _design(inputs: Inputs) -> GlassesDesign:
    return GlassesDesign(
        precision=_FORMATS[inputs["precision"]],
        fusion=_FUSION,
        tile_rows=8,
        frames_per_s=60,
        frames_batched=inputs.get("batch") or (_MOST_IMAGES if inputs.get("scenario") == "offline" else 1),
        translations_per_s=1,
        translations_batched=1,
        ambient_c=25,
        sparsity="dense",
        skipped_frames=0,
        draft_tokens=0,
        experts=1,
    )
