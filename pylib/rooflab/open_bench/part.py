"""The controls, gauges and instruments of the open bench, as a part that belongs to no track."""

from dataclasses import replace

from rooflab.specs import Choice, Control, Gauge, Part
from rooflab.tracks.parts import BUS
from rooflab.systems.serving.design import SPARSITIES, ServingDesign
from rooflab.systems.serving.scenario import ServingScenario
from rooflab.tracks.cloud_titan.diagnose import PART_ONE
from rooflab.tracks.cloud_titan.fuse import PART_TWO
from rooflab.tracks.cloud_titan.invent import PART_THREE

__all__ = ["MOST_SEQUENCES", "fitted", "open_part"]

MOST_SEQUENCES = 4096
_DRAFTS = (0, 1, 2, 3, 4, 5, 6, 8)
_KV_WORDS = {"bf16": "BF16", "fp8": "FP8, unpacked to BF16", "fp4": "FP4, unpacked to BF16"}
_SPARSITY_WORDS = {
    "dense": "None",
    "unstructured-70": "Unstructured, 70% kept",
    "unstructured-50": "Unstructured, 50% kept",
    "unstructured-30": "Unstructured, 30% kept",
    "2:4": "Two of every four kept",
}
_GAUGES = (
    *(each for each in PART_ONE.gauges if each.full),
    Gauge(id="throughput", name="Throughput", quantity="tokens_per_s", unit="tokens/s", help="Of all devices together"),
    Gauge(
        id="inter-token",
        name="Time between tokens",
        quantity="inter_token_s",
        unit="s",
        help="In decode; in prefill it is the time to the first token, if all prompts are read at once",
    ),
    Gauge(
        id="largest-batch",
        name="Largest batch",
        quantity="max_batch_count",
        unit="sequences",
        help="So many sequences of this context fit beside the weights",
    ),
    BUS,
    Gauge(id="capacity", name="memory", quantity="needed_bytes", unit="B"),
)


def open_part(scenario: ServingScenario) -> Part:
    """Return what can be set and seen of a scenario: formats that the device has, experts and drafts where there are any."""
    return Part(
        number=0,
        title="Open bench",
        objective="Any model, any device, no score",
        controls=tuple(_controls(scenario)),
        gauges=_GAUGES,
        instruments=("roofline", "readings", "traffic", "memory", "profiler", "peek"),
    )


def _controls(scenario: ServingScenario) -> list[Control]:
    """Return the controls in the tracks' words, and those that no track has."""
    service, peaks = scenario.service, scenario.devices[0].peak_flop_per_s
    schemes = [each for each in scenario.schemes.values() if each.compute in peaks]
    controls = [
        _of(PART_ONE, "phase"),
        replace(_of(PART_ONE, "batch"), maximum=MOST_SEQUENCES),
        Control(
            id="context_tokens",
            label="Context",
            minimum=1,
            maximum=service.longest_tokens,
            doubling=True,
            unit="tokens",
            help="Tokens of each sequence: those in the cache in decode, at first the prompt and half of the output; "
            "the prompt in prefill. At most a whole request.",
        ),
        Control(
            id="precision",
            label="Weights",
            choices=tuple(Choice(id=each.id, text=each.name) for each in schemes),
            help="How weights are stored and multiplied, of what the device has a peak for. What it does to answers is "
            "not modelled.",
        ),
        replace(_of(PART_ONE, "kv_precision"), choices=_choices(_KV_WORDS)),
        _of(PART_ONE, "attention_kernel"),
        _of(PART_ONE, "dispatch"),
        _of(PART_TWO, "fusion"),
        _of(PART_TWO, "kv_layout"),
        replace(_of(PART_THREE, "sparsity"), choices=_choices({each: _SPARSITY_WORDS[each] for each in SPARSITIES})),
    ]
    if scenario.mixture is not None:
        controls.append(
            Control(
                id="experts",
                label="Experts",
                choices=(
                    Choice(id="tensor", text="Each on all devices"),
                    Choice(id="expert", text="Whole, on single devices"),
                ),
                help="Experts that stand whole need an all-to-all, and the busiest device decides.",
            )
        )
    if scenario.draft is not None:
        controls.append(
            replace(
                _of(PART_THREE, "draft_tokens"),
                values=_DRAFTS,
                help=f"{scenario.draft.name} drafts so many tokens for each sequence, and the served model verifies "
                "them together. Without any it is not loaded.",
            )
        )
    return controls


def fitted(design: ServingDesign, part: Part, start: ServingDesign) -> ServingDesign:
    """Return `start` with every setting of another design that the part's controls offer."""
    kept = {}
    for each in part.controls:
        value = getattr(design, each.id)
        offered = each.space if each.choices or each.values or each.chain else range(each.minimum, each.maximum + 1)
        if value in offered:
            kept[each.id] = value
    return start.replace(**kept)


def _of(part: Part, control_id: str) -> Control:
    return next(each for each in part.controls if each.id == control_id)


def _choices(words: dict[str, str]) -> tuple[Choice, ...]:
    return tuple(Choice(id=each, text=text) for each, text in words.items())
