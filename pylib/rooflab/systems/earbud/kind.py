"""An earbud that isolates a voice."""

from rooflab.systems.earbud.design import EarbudDesign
from rooflab.systems.earbud.evaluate import evaluate_earbud
from rooflab.systems.earbud.formulas import earbud_formulas
from rooflab.systems.earbud.picture import earbud_picture
from rooflab.systems.earbud.scenario import EarbudScenario
from rooflab.systems.earbud.timeline import earbud_timeline
from rooflab.systems.earbud.what_if import imagine_earbud
from rooflab.systems.kind import Kind
from rooflab.systems.outcome import COMMON_FIGURES

__all__ = ["EARBUD"]

EARBUD = Kind(
    id=EarbudDesign.kind,
    scenario=EarbudScenario,
    design=EarbudDesign,
    evaluate=evaluate_earbud,
    timeline=earbud_timeline,
    formulas=earbud_formulas,
    imagine=imagine_earbud,
    picture=earbud_picture,
    figures=(
        *COMMON_FIGURES,
        "hop_time_s",
        "delay_s",
        "power_w",
        "network_power_w",
        "sleep_power_w",
        "hop_energy_j",
        "busy_fraction",
        "asked_bytes_per_s",
        "given_bytes_per_s",
        "pull_fraction",
        "line_fraction",
        "vector_fraction",
        "speech_lost_fraction",
        "equivalent_states_count",
        "footprint_bytes",
    ),
)
