"""From the inputs of a row to the scenario and the design in which the vehicle's track runs the same detector."""

from typing import Any

from rooflab.evaluate import evaluate
from rooflab.facts.networks import YOLOV8N
from rooflab.facts.vehicle import ORIN_LOOP, STREET_RIG
from rooflab.measured.row_device import row_device
from rooflab.systems.vehicle.design import LOOP_FORMATS, VehicleDesign
from rooflab.systems.vehicle.scenario import VehicleScenario
from rooflab.systems.vehicle.stages import DETECTOR, STAGE_IDS

__all__ = ["detector_s", "is_detector_of_the_lab", "loop_design", "loop_scenario"]

Inputs = dict[str, Any]

_NETWORKS = {"yolov8n": YOLOV8N}
_MOST_IMAGES = 16  # of a design
_SIDES = (128, 1280)
_USUAL_SIDE = 640
# An engine folds the norm into the convolution, and leaves SiLU and joins passes of their own. In INT8 a copy between formats
# stands before each SiLU, as a norm by itself would.
_FUSION = {"fp16": "1000", "int8": "0000"}


def is_detector_of_the_lab(inputs: Inputs) -> bool:
    """Return whether the vehicle's track can run the network of a row: its layers, format and batch."""
    side = _side(inputs)
    return (
        inputs.get("model") in _NETWORKS
        and inputs.get("precision") in LOOP_FORMATS
        and (inputs.get("batch") or _MOST_IMAGES) <= _MOST_IMAGES
        and side is not None
        and _SIDES[0] <= side <= _SIDES[1]
    )


def detector_s(inputs: Inputs) -> float:
    """Return what the track's evaluation takes for the detector on one image, box decoding included."""
    stages = evaluate(loop_scenario(inputs), loop_design(inputs)).stages
    return float(stages.full.time_s[_STAGES, 0].sum()) / loop_design(inputs).batch


_STAGES = slice(DETECTOR.start, STAGE_IDS.index("decode") + 1)


def loop_scenario(inputs: Inputs) -> VehicleScenario:
    """Return the loop on the row's device, without spikes and targets."""
    return VehicleScenario(
        track_id="row",
        variant=0,
        device=row_device(inputs),
        beside=(),
        network=_NETWORKS[inputs["model"]],
        rig=STREET_RIG,
        spikes=(),
        share_bytes=inputs["device_spec"].get("memory_bytes") or 1e12,
        deadline_s=1.0,
        calibration=ORIN_LOOP,
    )


def loop_design(inputs: Inputs) -> VehicleDesign:
    """Return the design of an inference engine: captured as a graph, images on the device."""
    return VehicleDesign(
        frames=100,
        profiler="off",
        batch=inputs.get("batch") or (_MOST_IMAGES if inputs.get("scenario") == "offline" else 1),
        resolution=_side(inputs),
        precision=inputs["precision"],
        fusion=_FUSION[inputs["precision"]],
        dispatch="graph",
        mode="default",
        input_path="mapped",
        nms="cpu",
        sparsity="dense",
        cascade="off",
        experts=1,
    )


def _side(inputs: Inputs) -> int | None:
    shape = inputs.get("input_shape")
    if not shape:
        return _USUAL_SIDE
    return shape[-1] if len(shape) == 3 and shape[-1] == shape[-2] else None
