"""A vehicle's safety loop."""

from rooflab.systems.kind import Kind
from rooflab.systems.outcome import COMMON_FIGURES
from rooflab.systems.vehicle.design import LoopDesign
from rooflab.systems.vehicle.evaluate import evaluate_loop
from rooflab.systems.vehicle.formulas import loop_formulas
from rooflab.systems.vehicle.scenario import LoopScenario
from rooflab.systems.vehicle.timeline import loop_timeline

__all__ = ["VEHICLE"]

VEHICLE = Kind(
    id=LoopDesign.kind,
    scenario=LoopScenario,
    design=LoopDesign,
    evaluate=evaluate_loop,
    timeline=loop_timeline,
    formulas=loop_formulas,
    figures=(
        *COMMON_FIGURES,
        "mean_frame_s",
        "p50_s",
        "p99_s",
        "p999_s",
        "miss_fraction",
        "wait_s",
        "images_per_s",
        "spike_fraction",
        "chance_seen_fraction",
        "pixels_count",
    ),
)
