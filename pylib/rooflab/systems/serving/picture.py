"""The picture of a node at work: one GPU's memory, what moves out of it and back in a step, and what comes of it."""

import math

from rooflab.model.moe import mean_experts_count
from rooflab.model.roofline import BOUNDS
from rooflab.systems.outcome import WAITS
from rooflab.systems.picture import HIDDEN, Look, Picture, pace_of
from rooflab.systems.serving.design import ServingDesign
from rooflab.systems.serving.flows import COPIES, Flow, copies_count, flows_of
from rooflab.systems.serving.load import load_of, served_shape
from rooflab.systems.serving.memory import kept_tokens
from rooflab.systems.serving.outcome import ServingOutcome
from rooflab.systems.serving.scenario import ServingScenario
from rooflab.systems.serving.timeline import serving_timeline
from rooflab.units import counted, format_bytes, format_count, format_fraction, format_number, format_quantity, format_time
from rooflab.values import Plain

__all__ = ["serving_picture"]

MOST_BLOCKS = 640
"""So many blocks of bytes are drawn in one step at most."""

_BLOCK_SHARE = 1 / 200
"""A block is no smaller share of the memory than about this, so that designs that move less show fewer."""

ROUNDS = 16
"""Rounds of drafts after which the picture begins again."""

_GOLDEN = (math.sqrt(5) - 1) / 2
_COPIES_SHARE = 0.25
_PLACES = ("weights", "cache", "activations", "workspace", "draft", "reserve")
"""Parts of the memory as Capacity has them; without a draft model to choose there is no such part."""


def serving_picture(scenario: ServingScenario, design: ServingDesign, outcome: ServingOutcome, look: Look) -> Picture:
    """Return one step of one design on one GPU: a round of every sequence in decode, all prompts in prefill."""
    stopped = outcome.cannot_run
    flows = () if stopped else flows_of(scenario, design, outcome)
    block_bytes = _block_bytes(flows, outcome)
    numbers = {
        "phase": design.phase,
        "period_s": None if stopped else float(outcome.step_time_s),
        "stopped": stopped and {"kind": stopped.kind, "reason": stopped.reason},
        "memory": _memory(scenario, design, outcome),
        "slots": _slots(scenario, design, outcome),
        "block_bytes": block_bytes,
        "block_label": f"1 block = {format_quantity(block_bytes, 'B', digits=1)}",
        "flows": [_flow(each) for each in flows],
        "copies": _copies(scenario, design, flows),
        "units": _units(scenario, design, outcome, look),
        "bus": _bus(outcome, look),
        "layers": scenario.model(design.experts).layers,
        "layer": None if stopped else _layer(scenario, design, outcome),
        "next": _next(design, outcome),
        "draft": _draft(scenario, design, outcome),
        "experts": _experts(scenario, design),
    }
    return Picture(
        kind="serving",
        title=_title(scenario, design, outcome, flows),
        words=_words(scenario, design, outcome, look, numbers),
        rows=_rows(numbers),
        pace=None if stopped else pace_of(float(outcome.step_time_s)),
        numbers=numbers,
    )


def _memory(scenario: ServingScenario, design: ServingDesign, outcome: ServingOutcome) -> dict[str, Plain]:
    """Return what fills the memory, to scale, and what is free or does not fit."""
    capacity = outcome.capacity
    available, needed = float(capacity.available_bytes), float(capacity.needed_bytes)
    places = _PLACES if capacity.draft_bytes is not None else [each for each in _PLACES if each != "draft"]
    parts = [
        {"id": place, "colour": f"part-{at}", "bytes": float(size), "label": f"{name} {format_bytes(size)}"}
        for at, (place, (name, size)) in enumerate(zip(places, capacity.parts, strict=True))
        if size
    ]
    return {
        "label": f"HBM, {format_bytes(available)}",
        "available_bytes": available,
        "needed_bytes": needed,
        "parts": parts,
        "free_label": f"free {format_bytes(available - needed)}" if needed <= available else None,
        "over_label": f"{format_bytes(needed - available)} too much" if needed > available else None,
    }


def _slots(scenario: ServingScenario, design: ServingDesign, outcome: ServingOutcome) -> dict[str, Plain]:
    """Return how many sequences have room in the cache, and how much of a sequence's room is filled."""
    shape = served_shape(scenario, design.experts)
    filled = float(shape.seen_tokens(design.context_tokens) / shape.seen_tokens(kept_tokens(scenario, design)))
    fit = int(min(design.batch, outcome.max_batch_count))
    room = "pages" if scenario.service is not None and design.kv_layout == "paged" else "room"
    return {
        "count": int(design.batch),
        "fit_count": fit,
        "filled_fraction": filled,
        "label": f"{counted(int(design.batch), 'sequence')}, {room} {format_fraction(filled)} filled",
        "over_label": f"{counted(int(design.batch) - fit, 'sequence')} too many" if fit < design.batch else None,
    }


def _block_bytes(flows: tuple[Flow, ...], outcome: ServingOutcome) -> float:
    """Return the bytes of a block: a round number, of which a step moves few enough to be drawn."""
    moved = sum(each.moved_bytes for each in flows)
    least = max(moved / MOST_BLOCKS, _BLOCK_SHARE * float(outcome.capacity.available_bytes))
    scale = 10.0 ** math.floor(math.log10(least))
    return next(step * scale for step in (1, 2, 5, 10) if step * scale >= least)


def _copies(scenario: ServingScenario, design: ServingDesign, flows: tuple[Flow, ...]) -> dict[str, Plain] | None:
    """Return how often keys and values are repeated, and what that moves; None where they are not."""
    moved = {each.id: each.moved_bytes for each in flows if each.id in COPIES}
    if not moved:
        return None
    written, read = (format_bytes(moved[each]) for each in COPIES)
    return {"count": copies_count(scenario, design), "label": f"{written} written, {read} read"}


def _flow(flow: Flow) -> dict[str, Plain]:
    return {
        "id": flow.id,
        "place": flow.place,
        "bytes": flow.moved_bytes,
        "written": flow.written,
        "label": f"{flow.name} {format_bytes(flow.moved_bytes)}",
    }


def _units(scenario: ServingScenario, design: ServingDesign, outcome: ServingOutcome, look: Look) -> dict[str, Plain]:
    """Return the multiprocessors, the share of their peak that is useful, and what the step waits for."""
    count = round(scenario.device(design.device_id).multiprocessor_count)
    share = float(outcome.bound_times_s[outcome.bound] / outcome.step_time_s)
    hidden = look.hides("mfu_fraction")
    used = None if outcome.cannot_run or hidden else float(outcome.mfu_fraction)
    told = HIDDEN if hidden else "cannot run" if used is None else format_fraction(used)
    return {
        "count": count,
        "label": counted(count, "SM"),
        "used_fraction": used,
        "used_label": f"MFU {told}",
        "bound": BOUNDS[int(outcome.bound)],
        "bound_label": None if outcome.cannot_run else f"{format_fraction(share)} of the step: {WAITS[int(outcome.bound)]}",
    }


def _bus(outcome: ServingOutcome, look: Look) -> dict[str, Plain]:
    """Return the share of what the bus could carry that it does carry, and the share that is needed."""
    if outcome.cannot_run:
        return {"busy_fraction": None, "needed_fraction": None, "label": "bus: idle, it cannot run"}
    busy, needed = float(outcome.bus_busy_fraction), None if look.hides("mbu_fraction") else float(outcome.mbu_fraction)
    told = HIDDEN if needed is None else f"{format_fraction(needed)} needed"
    return {"busy_fraction": busy, "needed_fraction": needed, "label": f"bus: {format_fraction(busy)} busy, {told}"}


def _layer(scenario: ServingScenario, design: ServingDesign, outcome: ServingOutcome) -> dict[str, Plain]:
    """Return the kernels of one layer as they follow one another."""
    trace = serving_timeline(scenario, design, outcome)
    ids = outcome.operators.ids
    return {
        "span_s": trace.layer_time_s,
        "label": f"one of {trace.layers} layers: {counted(len(trace.names), 'kernel')} in {format_time(trace.layer_time_s)}",
        "kernels": [
            {"name": name, "start_s": float(start), "duration_s": float(duration), "does": _does(ids[place])}
            for name, start, duration, place in zip(
                trace.names, trace.starts_s, trace.durations_s, trace.operators.tolist(), strict=True
            )
        ],
    }


def _does(operator_id: str) -> str:
    """Return what an operator moves most: weights, the cache, messages between devices, or what is between kernels."""
    if operator_id in ("qkv", "o_proj", "gate_up", "down"):
        return "weights"
    if operator_id == "attention":
        return "cache"
    return "link" if "reduce" in operator_id or "all_to_all" in operator_id else "activations"


def _next(design: ServingDesign, outcome: ServingOutcome) -> dict[str, Plain]:
    """Return what a reader waits for, and how long."""
    waits = outcome.step_time_s if design.phase == "prefill" else outcome.inter_token_s
    what = "all prompts read in" if design.phase == "prefill" else "next token in"
    return {
        "label": what,
        "time_s": None if outcome.cannot_run else float(waits),
        "value": "never" if outcome.cannot_run else format_time(waits),
        "ghost_label": f"before: {'never' if outcome.cannot_run else format_time(waits)}",
    }


def _draft(scenario: ServingScenario, design: ServingDesign, outcome: ServingOutcome) -> dict[str, Plain] | None:
    """Return the chance of each draft to hold, and rounds in which as many hold; None where nothing is drafted."""
    if not design.draft_tokens or design.phase == "prefill" or outcome.cannot_run:
        return None
    chance = scenario.service.acceptance_fraction
    holds = [chance**place for place in range(1, design.draft_tokens + 1)]
    draws = [(0.5 + at * _GOLDEN) % 1 for at in range(ROUNDS)]
    tokens = format_number(float(outcome.round_tokens_count))
    return {
        "count": design.draft_tokens,
        "holds_fraction": holds,
        "drafting_fraction": float(outcome.operators.time_s[-1] / outcome.step_time_s),
        "rounds": [sum(draw < each for each in holds) for draw in draws],
        "label": f"{counted(design.draft_tokens, 'draft')} a round, {tokens} tokens on average",
    }


def _experts(scenario: ServingScenario, design: ServingDesign) -> dict[str, Plain] | None:
    """Return the experts of a layer, and how many of them a step reads; None in a dense model."""
    model = scenario.model(design.experts)
    if model.experts == 1:
        return None
    shape = served_shape(scenario, design.experts)
    load = load_of(scenario, design, shape)
    read = float(
        mean_experts_count(
            experts=model.experts,
            experts_per_token=model.experts_per_token,
            tokens=load.batch * load.query_tokens,
            prompt_tokens=load.prompt_tokens,
            prompt_length=load.prompt_length,
        )
    )
    return {
        "count": model.experts,
        "read_count": read,
        "token_count": model.experts_per_token,
        "label": f"{format_number(read)} of {model.experts} experts read, {model.experts_per_token} for each token",
    }


def _title(scenario: ServingScenario, design: ServingDesign, outcome: ServingOutcome, flows: tuple[Flow, ...]) -> str:
    """Say what decides, in words and numbers."""
    if stopped := outcome.cannot_run:
        return f"{stopped.kind}: {stopped.number}"
    copied = sum(each.moved_bytes for each in flows if each.id in COPIES) / float(outcome.carried_bytes)
    if copied >= _COPIES_SHARE:
        times = copies_count(scenario, design)
        return f"Keys and values are copied {times} times: {format_fraction(copied)} of the bytes"
    share = format_fraction(float(outcome.bound_times_s[outcome.bound] / outcome.step_time_s))
    if BOUNDS[int(outcome.bound)] == "memory":
        return f"{share} of a step moves {format_bytes(outcome.carried_bytes)}; the arithmetic waits"
    if BOUNDS[int(outcome.bound)] == "compute":
        return f"{share} of a step is arithmetic; the bytes wait for it"
    if BOUNDS[int(outcome.bound)] == "latency":
        launches = format_count(float(outcome.operators.launches.sum()))
        return f"{share} of a step goes into launching {launches} kernels"
    return f"{share} of a step waits for the other GPUs"


def _words(
    scenario: ServingScenario, design: ServingDesign, outcome: ServingOutcome, look: Look, numbers: dict[str, Plain]
) -> str:
    """Tell all that the picture shows."""
    held = ", ".join(each["label"] for each in numbers["memory"]["parts"])
    memory = numbers["memory"]
    room = f"Memory of one GPU, {format_bytes(memory['available_bytes'])}: {held}, {memory['free_label'] or memory['over_label']}."
    if outcome.cannot_run:
        return f"{outcome.cannot_run.reason} {room} Nothing moves."
    moved = ", ".join(each["label"] for each in numbers["flows"])
    step = "All prompts are read" if design.phase == "prefill" else "One decode step"
    beside = " ".join(f"{each['label'].capitalize()}." for each in (numbers["draft"], numbers["experts"]) if each)
    return (
        f"{step} in {format_time(outcome.step_time_s)} on one of {scenario.device_count} GPUs moves {format_bytes(outcome.carried_bytes)}: "
        f"{moved}. {numbers['bus']['label'].capitalize()}; {numbers['units']['used_label']}. {room} {beside}".rstrip()
    )


def _rows(numbers: dict[str, Plain]) -> tuple[tuple[str, str], ...]:
    """Return the table: what is held, what moves, and what comes of it."""
    memory, layer = numbers["memory"], numbers["layer"]
    return (
        (numbers["next"]["label"].capitalize(), numbers["next"]["value"]),
        ("Memory of one GPU", "; ".join([memory["label"], *(each["label"] for each in memory["parts"]), memory["free_label"] or memory["over_label"]])),
        ("Sequences", "; ".join(filter(None, (numbers["slots"]["label"], numbers["slots"]["over_label"])))),
        *((("Moved in a step", "; ".join(each["label"] for each in numbers["flows"])),) if numbers["flows"] else ()),
        ("Bus", numbers["bus"]["label"].removeprefix("bus: ")),
        ("Multiprocessors", "; ".join(filter(None, (numbers["units"]["label"], numbers["units"]["used_label"], numbers["units"]["bound_label"])))),
        *((("One layer", layer["label"]),) if layer else ()),
        *(((name, numbers[key]["label"]) for name, key in (("Drafts", "draft"), ("Experts", "experts")) if numbers[key])),
    )
