"""The node of the crisis, for every variant, and what the designs of all parts have in common."""

from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from rooflab.evaluate import evaluate
from rooflab.facts.calibration import GPU_SERVING, GPU_SERVING_FAST, GPU_SERVING_SLOW, SERVING_BANDS
from rooflab.facts.devices_tracks import A100_SXM_80GB, H100_SXM
from rooflab.facts.sources import SERVICE_ASSUMPTION
from rooflab.facts.workloads_tracks import LLAMA_3_70B
from rooflab.model.roofline import BOUNDS, COMPUTE, LATENCY, MEMORY
from rooflab.model.seeded import uniforms
from rooflab.specs import Target
from rooflab.systems.serving.design import ServingDesign
from rooflab.systems.serving.outcome import ServingOutcome
from rooflab.systems.serving.scenario import ServingScenario
from rooflab.tracks.drawing import first_sound

__all__ = [
    "AS_SERVED",
    "GPU_COUNT",
    "HALF_THE_BITS",
    "KV_SHARE",
    "LARGE_FALL_FRACTION",
    "MOST_SEQUENCES",
    "SMALL_FALL_FRACTION",
    "THROUGHPUT_SHARE",
    "after_by_cause",
    "fall_fraction",
    "repaired",
    "scenario",
]

GPU_COUNT = 8
KV_SHARE = 0.80  # of the step, in the crisis
THROUGHPUT_SHARE = 0.50  # of the reference, in the crisis
MOST_SEQUENCES = 1024
CLEAR_FRACTION = 0.03  # answers nearer than this to a border are not asked
LARGE_FALL_FRACTION = 0.08
SMALL_FALL_FRACTION = 0.05
AS_SERVED = {
    "fusion": "010010",  # norm with the residual sum, product with the activation
    "kv_layout": "contiguous",
    "experts": "dense",
    "draft_tokens": 0,
    "sparsity": "dense",
}
"""What part 1 does not vary."""

HALF_THE_BITS = {"bf16": "w8a16", "w8a16": "w4a16"}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Setting:
    """A kind of node that the crisis may strike; contexts are drawn within bounds."""

    device_id: str
    precision: str
    dispatch: str
    context_tokens: tuple[int, int]
    host_launch_s: float = GPU_SERVING.host_launch_s
    all_reduce_s: float = GPU_SERVING.all_reduce_s


_SLOW_LIBRARY_S = 30e-6  # for an all-reduce of a small message: 10 to 30 µs are reported
_BUSY_HOST_S = 20e-6  # for an operator, within the 5 to 20 µs of eager frameworks
# A variant draws one of them. Variant 0 is the first.
_SETTINGS = (
    _Setting(device_id=A100_SXM_80GB.id, precision="bf16", dispatch="eager", context_tokens=(3072, 6144)),
    _Setting(device_id=A100_SXM_80GB.id, precision="w8a16", dispatch="graph", context_tokens=(1664, 1920)),
    _Setting(
        device_id=H100_SXM.id,
        precision="w8a16",
        dispatch="eager",
        context_tokens=(2944, 3328),
        all_reduce_s=_SLOW_LIBRARY_S,
    ),
    _Setting(
        device_id=H100_SXM.id,
        precision="w8a16",
        dispatch="eager",
        context_tokens=(7680, 8192),
        all_reduce_s=_SLOW_LIBRARY_S,
    ),
    _Setting(
        device_id=H100_SXM.id,
        precision="w8a16",
        dispatch="eager",
        context_tokens=(7680, 8192),
        host_launch_s=_BUSY_HOST_S,
    ),
    _Setting(device_id=H100_SXM.id, precision="bf16", dispatch="graph", context_tokens=(3072, 6144)),
    _Setting(device_id=A100_SXM_80GB.id, precision="w8a16", dispatch="graph", context_tokens=(3072, 5120)),
)


@lru_cache(maxsize=8)
def scenario(variant: int = 0) -> ServingScenario:
    """Return the crisis of a variant: same story, other node, other numbers, other answers.

    The batch of the crisis is the one whose KV share comes nearest to 80%; the batch of the
    reference is the one on A100s, with fused attention, whose throughput is nearest to twice
    that of the crisis.
    """
    return first_sound(_attempt, variant, "the crisis of Cloud Titan")


def repaired(scenario: ServingScenario) -> ServingDesign:
    """Return the crisis with attention that reads each key and value once."""
    return scenario.crisis.replace(attention_kernel="fused")


def _attempt(variant: int, attempt: int) -> ServingScenario | None:
    chosen = 0 if variant == 0 else int(uniforms(variant, 0, 1)[0] * len(_SETTINGS))
    setting = _SETTINGS[chosen]
    least, most = setting.context_tokens
    step = int(uniforms(variant, 1 + attempt, 1)[0] * ((most - least) // 128 + 1))
    context = 4096 if variant == 0 else least + 128 * step
    constants = {"host_launch_s": setting.host_launch_s, "all_reduce_s": setting.all_reduce_s}
    graded = all(getattr(GPU_SERVING, name) == value for name, value in constants.items())
    place = ServingScenario(
        track_id="cloud-titan",
        variant=variant,
        devices=(A100_SXM_80GB, H100_SXM),
        device_count=GPU_COUNT,
        workload=LLAMA_3_70B,
        calibration=replace(GPU_SERVING, **constants),
        calibration_range=(GPU_SERVING_FAST, GPU_SERVING_SLOW),
        bands=SERVING_BANDS if graded else (),  # other constants are not graded
    )
    batches = np.arange(8, MOST_SEQUENCES + 1)
    grid = ServingDesign(
        phase="decode",
        batch=batches,
        context_tokens=context,
        precision=setting.precision,
        kv_precision="bf16",
        attention_kernel="eager",
        dispatch=setting.dispatch,
        **AS_SERVED,
        device_id=setting.device_id,
    )
    shares = evaluate(place, grid).kv_time_fraction
    crisis = grid.replace(batch=int(batches[np.abs(shares - KV_SHARE).argmin()]))
    outcome = evaluate(place, crisis)

    on_a100 = grid.replace(
        precision="bf16",
        attention_kernel="fused",
        dispatch="graph",
        device_id=A100_SXM_80GB.id,
    )
    rates = evaluate(place, on_a100).tokens_per_s
    wanted = outcome.tokens_per_s / THROUGHPUT_SHARE
    reference = on_a100.replace(batch=int(batches[np.abs(rates - wanted).argmin()]))
    throughput = evaluate(place, reference)
    found = replace(
        place,
        crisis=crisis,
        reference=reference,
        reference_name="The A100 baseline",
        targets=(
            Target(
                id="throughput",
                name="Throughput",
                quantity="tokens_per_s",
                unit="tokens/s",
                at_least=True,
                limit=throughput.tokens_per_s,
                source=SERVICE_ASSUMPTION,
                phase="decode",
            ),
        ),
    )
    clear = (
        abs(outcome.kv_time_fraction - KV_SHARE) < 0.02
        and abs(outcome.tokens_per_s / throughput.tokens_per_s - THROUGHPUT_SHARE) < 0.02
        and outcome.capacity.fits
        and throughput.capacity.fits
        and _is_clear(found)
    )
    return found if clear else None


def _is_clear(found: ServingScenario) -> bool:
    """Say whether one cause clearly takes more of the step than any other, and both answers are far enough from the next."""
    after = evaluate(found, repaired(found))
    times = sorted(after.bound_times_s)
    lead = (times[-1] - times[-2]) / after.step_time_s
    named = times[-1] == max(after_by_cause(after).values())
    fall = fall_fraction(found)
    borders = (SMALL_FALL_FRACTION, LARGE_FALL_FRACTION)
    return named and lead > 2 * CLEAR_FRACTION and all(abs(fall - border) > CLEAR_FRACTION / 3 for border in borders)


def after_by_cause(outcome: ServingOutcome) -> dict[str, float]:
    """Return the step's time by cause; the link is no cause of its own in the choices."""
    return {
        BOUNDS[cause]: float(outcome.bound_times_s[cause])
        for cause in (MEMORY, COMPUTE, LATENCY)
    }


def fall_fraction(found: ServingScenario) -> float:
    """Return by how much half the bits shorten the repaired step."""
    before = repaired(found)
    after = before.replace(precision=HALF_THE_BITS[before.precision])
    fall = 1 - evaluate(found, after).step_time_s / evaluate(found, before).step_time_s
    return max(float(fall), 0.0)
