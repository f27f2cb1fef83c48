"""Glasses that filter frames and translate phrases."""

from rooflab.systems.glasses.design import GlassesDesign
from rooflab.systems.glasses.evaluate import evaluate_glasses
from rooflab.systems.glasses.formulas import glasses_formulas
from rooflab.systems.glasses.picture import glasses_picture
from rooflab.systems.glasses.scenario import GlassesScenario
from rooflab.systems.glasses.timeline import glasses_timeline
from rooflab.systems.glasses.what_if import imagine_glasses
from rooflab.systems.kind import Kind
from rooflab.systems.outcome import COMMON_FIGURES

__all__ = ["GLASSES"]

GLASSES = Kind(
    id=GlassesDesign.kind,
    scenario=GlassesScenario,
    design=GlassesDesign,
    evaluate=evaluate_glasses,
    timeline=glasses_timeline,
    formulas=glasses_formulas,
    imagine=imagine_glasses,
    picture=glasses_picture,
    figures=(
        *COMMON_FIGURES,
        "frame_time_s",
        "frames_per_s",
        "sustained_frames_per_s",
        "power_w",
        "power_limit_w",
        "heat_fraction",
        "memory_power_w",
        "arithmetic_power_w",
        "static_power_w",
        "idle_power_w",
        "skin_c",
        "throttle_s",
        "busy_fraction",
        "frame_energy_j",
        "translation_delay_s",
        "footprint_bytes",
        "stale_s",
    ),
)
