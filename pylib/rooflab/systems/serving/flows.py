"""What moves between a GPU's memory and its multiprocessors in a step, by purpose."""

from typing import NamedTuple

from rooflab.model.stack import OPERATORS
from rooflab.systems.serving.design import ServingDesign
from rooflab.systems.serving.kernel_times import ATTENTION
from rooflab.systems.serving.load import KV_BYTES
from rooflab.systems.serving.outcome import ServingOutcome
from rooflab.systems.serving.scenario import ServingScenario

__all__ = ["COPIES", "Flow", "copies_count", "flows_of"]

COPIES = ("copies_written", "copies_read")
"""What eager attention moves beside the cache: keys and values repeated for every query head."""

_APPEND = [each.id for each in OPERATORS].index("rope")
_UNPACKED_BYTES = 2.0  # eager attention widens what it repeats to BF16


class Flow(NamedTuple):
    """Bytes of one purpose that a step moves; `written` goes to memory, `place` is the part of memory it is of."""

    id: str
    name: str
    place: str
    moved_bytes: float
    written: bool = False


def copies_count(scenario: ServingScenario, design: ServingDesign) -> int:
    """Return how often each key and value is repeated before it is used; 0 in fused attention."""
    return scenario.model(design.experts).group_size if design.attention_kernel == "eager" else 0


def flows_of(scenario: ServingScenario, design: ServingDesign, outcome: ServingOutcome) -> tuple[Flow, ...]:
    """Return what one design moves in a step; all flows together are what the bus carries."""
    operators = outcome.operators
    served = slice(-1) if scenario.draft is not None else slice(None)
    attention_bytes = float(operators.kv_bytes[ATTENTION])
    widened = copies_count(scenario, design) * _UNPACKED_BYTES / KV_BYTES[design.kv_precision]
    cached = attention_bytes / (1 + 2 * widened)
    scores = float(operators.activation_bytes[ATTENTION]) if widened else 0.0
    flows = (
        Flow("weights", "weights", "weights", float(operators.weight_bytes[served].sum())),
        Flow("cache_read", "KV cache", "cache", cached),
        Flow("copies_written", "copies written", "workspace", widened * cached, written=True),
        Flow("copies_read", "copies read", "workspace", widened * cached),
        Flow("scores", "attention scores", "workspace", scores),
        Flow("cache_written", "new keys and values", "cache", float(operators.kv_bytes[_APPEND]), written=True),
        Flow("intermediates", "between kernels", "activations", float(operators.activation_bytes[served].sum()) - scores),
        Flow("draft", "draft model", "draft", float(operators.hbm_bytes[-1]) if scenario.draft is not None else 0.0),
    )
    return tuple(each for each in flows if each.moved_bytes)
