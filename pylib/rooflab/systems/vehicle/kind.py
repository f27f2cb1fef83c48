"""A vehicle's safety loop."""

from rooflab.systems.kind import Kind
from rooflab.systems.outcome import COMMON_FIGURES
from rooflab.systems.vehicle.design import VehicleDesign
from rooflab.systems.vehicle.evaluate import evaluate_vehicle
from rooflab.systems.vehicle.formulas import vehicle_formulas
from rooflab.systems.vehicle.picture import vehicle_picture
from rooflab.systems.vehicle.scenario import VehicleScenario
from rooflab.systems.vehicle.timeline import vehicle_timeline
from rooflab.systems.vehicle.what_if import imagine_vehicle

__all__ = ["VEHICLE"]

VEHICLE = Kind(
    id=VehicleDesign.kind,
    scenario=VehicleScenario,
    design=VehicleDesign,
    evaluate=evaluate_vehicle,
    timeline=vehicle_timeline,
    formulas=vehicle_formulas,
    imagine=imagine_vehicle,
    picture=vehicle_picture,
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
