"""A language model served on a node of GPUs."""

from rooflab.systems.kind import Kind
from rooflab.systems.outcome import COMMON_FIGURES
from rooflab.systems.serving.design import ServingDesign
from rooflab.systems.serving.evaluate import evaluate_serving
from rooflab.systems.serving.formulas import serving_formulas
from rooflab.systems.serving.picture import serving_picture
from rooflab.systems.serving.scenario import ServingScenario
from rooflab.systems.serving.timeline import serving_timeline
from rooflab.systems.serving.what_if import imagine_serving

__all__ = ["SERVING"]

SERVING = Kind(
    id=ServingDesign.kind,
    scenario=ServingScenario,
    design=ServingDesign,
    evaluate=evaluate_serving,
    timeline=serving_timeline,
    formulas=serving_formulas,
    imagine=imagine_serving,
    picture=serving_picture,
    figures=(
        *COMMON_FIGURES,
        "tokens_per_s",
        "inter_token_s",
        "round_tokens_count",
        "hfu_fraction",
        "kv_time_fraction",
        "host_s",
        "idle_s",
        "held_bytes",
        "max_batch_count",
    ),
    rate="tokens_per_s",
)
