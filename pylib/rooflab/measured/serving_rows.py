"""From the inputs of a row to the scenario and the design that the lab evaluates."""

from dataclasses import replace
from typing import Any

from rooflab.facts.calibration import GPU_SERVING, ONE_BY_ONE_SERVING
from rooflab.facts.engines import engine_named, starts_one_by_one
from rooflab.facts.serving import CHAT
from rooflab.measured.kernel_constants import KERNELS as C
from rooflab.measured.device import chip_peak_flop_per_s, element_bytes, vector_peak_flop_per_s
from rooflab.measured.known_models import known_model
from rooflab.measured.row_device import HERE
from rooflab.measured.rows import RowError, inputs_of
from rooflab.specs import (
    WEIGHT_SCHEMES,
    Calibration,
    Device,
    Precision,
    Service,
    WeightScheme,
    Workload,
)
from rooflab.systems.serving.design import LIBRARY_FUSION, ServingDesign
from rooflab.systems.serving.scenario import ServingScenario

__all__ = ["row_design", "row_scenario"]

# The format of a design that stores and multiplies in as many bytes; the row says what its groups of weights add.
_SCHEMES = {
    (2.0, 2.0): "bf16",
    (1.0, 2.0): "w8a16",
    (0.5, 2.0): "w4a16",
    (1.0, 1.0): "fp8",
    (0.5, 1.0): "w4a8",
    (0.5, 0.5): "fp4",
}
_KV = {2.0: "bf16", 1.0: "fp8", 0.5: "fp4"}
_UNKNOWN_MEMORY_BYTES = 1e18  # holds everything
_LEAST_SHARE = 0.5  # dimensions that are not stated may count a table or a matrix too many
_UNKNOWN_LINK_BYTES_PER_S = 32e9  # PCIe 4.0 x16, one direction
_MOST_CONTEXT = 10**9


def row_scenario(inputs: dict[str, Any]) -> ServingScenario:
    """Return the scenario of a row: its device, its model, its stack, and the requests where prompts ride along.

    Raises:
        RowError: an input that it needs is absent.
        LabError: the inputs describe no model or no device.
    """
    software = inputs.get("software") or ""
    scheme = _scheme(inputs)
    draft = inputs.get("draft_shape")
    return ServingScenario(
        track_id="row",
        variant=0,
        devices=(_device(inputs),),
        device_count=inputs.get("chips") or 1,
        workload=_workload(inputs),
        draft=_workload(inputs | {"shape": draft, "model": inputs.get("draft_model")}) if draft else None,
        service=_service(inputs),
        engine=engine_named(software),
        schemes=WEIGHT_SCHEMES | {scheme.id: scheme},
        calibration=_calibration(inputs, software),
    )


def row_design(
    inputs: dict[str, Any], *, phase: str, batch: float, context_tokens: float, draft_tokens: int = 0
) -> ServingDesign:
    """Return the design of a row at a batch and a context, which is the prompt in prefill."""
    kv = element_bytes(inputs.get("kv_precision") or inputs.get("compute_precision") or "fp16")
    return ServingDesign(
        phase=phase,
        batch=int(batch),
        context_tokens=max(round(context_tokens), 1),
        precision=_scheme(inputs).id,
        kv_precision=_KV.get(kv, "bf16"),
        attention_kernel="fused",
        dispatch="graph",
        fusion=LIBRARY_FUSION,
        kv_layout="contiguous" if inputs.get("kv_reservation") == "full" else "paged",
        experts="dense",
        draft_tokens=draft_tokens,
        sparsity="dense",
        device_id="row",
    )


def _scheme(inputs: dict[str, Any]) -> WeightScheme:
    (stored,) = inputs_of(inputs, "weight_precision")
    multiplied = inputs.get("compute_precision") or stored
    sizes = element_bytes(stored), element_bytes(multiplied)
    if sizes[0] > sizes[1]:
        sizes = sizes[1], sizes[1]
    if sizes not in _SCHEMES:
        raise RowError(f"No format stores weights in {stored} and multiplies them in {multiplied}.")
    group = inputs.get("weight_group_size")
    overhead = inputs.get("weight_group_overhead_bytes") or 0.0
    known = WEIGHT_SCHEMES[_SCHEMES[sizes]]
    return replace(
        known,
        storage=Precision(stored),
        compute=Precision(multiplied),
        group_bytes=overhead / group if group else 0.0,
    )


def _device(inputs: dict[str, Any]) -> Device:
    spec = inputs["device_spec"]
    (bandwidth,) = inputs_of(spec, "hbm_bytes_per_s")
    multiplied = inputs.get("compute_precision") or inputs["weight_precision"]
    peaks = {
        Precision(multiplied): chip_peak_flop_per_s(spec, multiplied),
        Precision.BF16: chip_peak_flop_per_s(spec, "bf16"),
    }
    facts = {
        "peak_flop_per_s": peaks,
        "vector_flop_per_s": vector_peak_flop_per_s(spec),
        "hbm_bytes_per_s": bandwidth,
        "hbm_bytes": spec.get("memory_bytes") or _UNKNOWN_MEMORY_BYTES,
        "link_bytes_per_s": spec.get("link_bytes_per_s") or _UNKNOWN_LINK_BYTES_PER_S,
        "sm_count": spec.get("sm_count"),
    }
    facts = {name: value for name, value in facts.items() if value is not None}
    return Device(id="row", name=inputs.get("device") or "row", **facts, sources={HERE: tuple(facts)})


def _workload(inputs: dict[str, Any]) -> Workload:
    """Return the model of a row: of its shape, or a known one where the shape leaves out what its attention caches.

    Parameters that the shape does not imply are met by every token.

    Raises:
        RowError: the shape has far fewer parameters than its dimensions say.
    """
    if (known := known_model(inputs)) is not None:
        return known
    shape = inputs["shape"]
    layers, hidden, heads = inputs_of(shape, "layers", "hidden", "heads")
    head_dim = shape.get("head_dim") or hidden // heads
    facts = {
        "layers": layers,
        "hidden": hidden,
        "heads": heads,
        "kv_heads": shape.get("kv_heads") or heads,
        "head_dim": head_dim,
        "ffn": shape.get("ffn") or 4 * hidden,
        "ffn_matrices": shape.get("ffn_matrices") or 3,
        "vocab": shape.get("vocab") or 0,
        "tied_embeddings": bool(shape.get("tied_embeddings")),
        "experts": shape.get("experts") or 1,
        "experts_per_token": shape.get("experts_per_token") or 1,
        "shared_experts": shape.get("shared_experts"),
        "max_context_tokens": _MOST_CONTEXT,
        **_latent(shape, head_dim),
        **_windows(shape, layers),
    }
    facts = {name: value for name, value in facts.items() if value is not None}
    sources = {HERE: tuple(name for name, value in facts.items() if value not in (None, (), {}))}
    counted = Workload(id="row", name=inputs.get("model") or "row", **facts, sources=sources)
    total = shape.get("params_total")
    if total is None:
        return counted
    chosen = counted.experts_per_token < counted.experts
    used = (counted if chosen else replace(counted, experts=1, experts_per_token=1)).active_params_count
    if total < _LEAST_SHARE * used:
        raise RowError(f"shape.params_total is {total:.3g}, and by its dimensions one token uses {used:.3g}; the two must agree.")
    return replace(
        counted, other_params=round(total - counted.params_count), sources={HERE: (*sources[HERE], "other_params")}
    )


def _latent(shape: dict[str, Any], head_dim: int) -> dict[str, int]:
    """Return the dimensions of latent attention, with plain heads of `head_dim` where a shape does not say."""
    rank = shape.get("kv_lora_rank")
    if rank is None:
        return {}
    return {
        "q_lora_rank": shape.get("q_lora_rank"),
        "kv_lora_rank": rank,
        "qk_rope_head_dim": shape.get("qk_rope_head_dim") or 0,
        "qk_nope_head_dim": shape.get("qk_nope_head_dim") or head_dim,
        "v_head_dim": shape.get("v_head_dim") or head_dim,
    }


def _windows(shape: dict[str, Any], layers: int) -> dict[str, int]:
    window, types = shape.get("sliding_window"), shape.get("layer_types")
    if not window:
        return {}
    count = layers if not types else sum(each == "sliding_attention" for each in types)
    return {"sliding_window": window, "windowed_layers": count}


def _service(inputs: dict[str, Any]) -> Service | None:
    """Return the requests of a row: none where nothing rides along and no room is kept for a whole request."""
    prompt, output = inputs.get("prompt_tokens"), inputs.get("output_tokens")
    rides = inputs.get("scheduling") == "continuous"
    kept = inputs.get("kv_reservation") is not None
    drafts = bool(inputs.get("draft_shape"))
    if not (rides or kept or drafts):
        return None
    if not drafts:
        prompt, output = inputs_of(inputs, "prompt_tokens", "output_tokens")
    prompt, output = prompt or 0, output or 0
    facts = {
        "prompt_tokens": prompt,
        "output_tokens": max(output, 1),
        "longest_tokens": prompt + max(output, 1),
        "acceptance_fraction": inputs.get("acceptance_rate") or 1.0,
    }
    return replace(CHAT, id="row", name="The row's requests", **facts)


def _calibration(inputs: dict[str, Any], software: str) -> Calibration:
    made = ONE_BY_ONE_SERVING if starts_one_by_one(software) else GPU_SERVING
    if inputs.get("kernel_maturity") != "early":
        return made
    early = C.early_fraction
    return replace(made, hbm_fraction=made.hbm_fraction * early, kv_fraction=made.kv_fraction * early)
