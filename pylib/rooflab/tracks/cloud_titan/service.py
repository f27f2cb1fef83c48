"""Where parts 2 and 3 take place: a service whose requests come and go, on some of a node's GPUs."""

from dataclasses import replace

from rooflab.facts.calibration import GPU_SERVING, GPU_SERVING_FAST, GPU_SERVING_SLOW, SERVING_BANDS
from rooflab.facts.devices_tracks import A100_SXM_80GB, H100_SXM
from rooflab.facts.serving import CHAT
from rooflab.facts.sources import SERVICE_ASSUMPTION
from rooflab.facts.workloads_tracks import LLAMA_3_70B
from rooflab.specs import Device, Target, Workload
from rooflab.systems.serving.design import ServingDesign
from rooflab.systems.serving.scenario import ServingScenario

__all__ = ["BUILDABLE", "KV_FORMATS", "NOTHING_FUSED", "PARTIAL", "WHOLE_CHAIN", "served"]

NOTHING_FUSED = "000000"
PARTIAL = "010010"
BUILDABLE = "110110"
WHOLE_CHAIN = "111111"
"""Groupings of the layer's chain: levels, and what kernel libraries fuse at most."""

KV_FORMATS = ("bf16", "fp8")


def served(
    variant: int,
    *,
    device: Device,
    device_count: int,
    inter_token_s: float,
    start: ServingDesign,
    mixture: Workload | None = None,
    draft: Workload | None = None,
    **asked: float,
) -> ServingScenario:
    """Return a service with what is `asked` of it, which begins at `start`.

    The context of `start` becomes the mean that such requests keep in the cache.
    """
    service = replace(CHAT, **asked)
    start = start.replace(context_tokens=service.mean_tokens, device_id=device.id)
    return ServingScenario(
        track_id="cloud-titan",
        variant=variant,
        devices=(device, H100_SXM if device is A100_SXM_80GB else A100_SXM_80GB),
        device_count=device_count,
        workload=LLAMA_3_70B,
        mixture=mixture,
        draft=draft,
        service=service,
        calibration=GPU_SERVING,
        calibration_range=(GPU_SERVING_FAST, GPU_SERVING_SLOW),
        bands=SERVING_BANDS,
        crisis=start,
        reference=start,
        targets=(
            Target(
                id="inter-token",
                name="Time between tokens",
                quantity="inter_token_s",
                unit="s",
                at_least=False,
                limit=inter_token_s,
                source=SERVICE_ASSUMPTION,
                phase="decode",
            ),
        ),
    )
