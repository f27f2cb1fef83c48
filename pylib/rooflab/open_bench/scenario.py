"""Any language model on any device as a scenario of serving, and the design that usual stacks would run."""

from dataclasses import replace

from rooflab.facts.calibration import GPU_SERVING, GPU_SERVING_FAST, GPU_SERVING_SLOW, SERVING_BANDS
from rooflab.facts.serving import CHAT
from rooflab.open_bench.device import completed
from rooflab.specs import (
    WEIGHT_SCHEMES,
    Confidence,
    Device,
    Service,
    Source,
    SourceKind,
    WeightScheme,
    Workload,
)
from rooflab.systems.serving.design import LIBRARY_FUSION, ServingDesign
from rooflab.systems.serving.scenario import ServingScenario

__all__ = ["open_design", "open_scenario"]

_SET_HERE = Source(
    id="set-here",
    name="The requests that were set here",
    kind=SourceKind.ASSUMPTION,
    confidence=Confidence.ASSUMED,
    date="2026",
    note="All requests are equally long, and each that ends is replaced at once.",
)
_REQUESTS = ("prompt_tokens", "output_tokens", "longest_tokens")


def open_scenario(
    workload: Workload,
    device: Device,
    *,
    chips: int = 1,
    prompt_tokens: int = 1024,
    output_tokens: int = 256,
    scheme: WeightScheme | None = None,
    draft: Workload | None = None,
) -> ServingScenario:
    """Return a service of `workload` on `chips` devices, for requests of so many tokens.

    `scheme` says how the format of its id stores the weights of this model, and `draft` is a model that may draft for
    it. A mixture of experts stands in the place of the scenario's mixture too, so that whole experts on single
    devices can be chosen.

    Raises:
        BadDesign: the device lacks a figure that nothing stands in for.
    """
    return ServingScenario(
        track_id="open-bench",
        variant=0,
        devices=(completed(device),),
        device_count=chips,
        workload=workload,
        mixture=workload if workload.experts > 1 else None,
        draft=draft,
        service=_service(prompt_tokens, output_tokens),
        schemes=WEIGHT_SCHEMES | ({scheme.id: scheme} if scheme else {}),
        calibration=GPU_SERVING,
        calibration_range=(GPU_SERVING_FAST, GPU_SERVING_SLOW),
        bands=SERVING_BANDS,
    )


def open_design(scenario: ServingScenario, *, batch: int = 16, precision: str = "bf16") -> ServingDesign:
    """Return how usual stacks serve it: fused attention, a graph of kernels, a paged cache, the mean context."""
    return ServingDesign(
        phase="decode",
        batch=batch,
        context_tokens=scenario.service.mean_tokens,
        precision=precision,
        kv_precision="bf16",
        attention_kernel="fused",
        dispatch="graph",
        fusion=LIBRARY_FUSION,
        kv_layout="paged",
        experts="dense" if scenario.mixture is None else "tensor",
        draft_tokens=0,
        sparsity="dense",
        device_id=scenario.devices[0].id,
    )


def _service(prompt_tokens: int, output_tokens: int) -> Service:
    """Return the requests; what the engine does is that of the lab's own service."""
    others = {source: tuple(name for name in names if name not in _REQUESTS) for source, names in CHAT.sources.items()}
    return replace(
        CHAT,
        id="open-bench",
        prompt_tokens=prompt_tokens,
        output_tokens=output_tokens,
        longest_tokens=prompt_tokens + output_tokens,
        sources={_SET_HERE: _REQUESTS, **others},
    )
