"""`rooflab estimate`: what a model by its configuration does on devices by their name."""

from __future__ import annotations

import argparse
import os
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

from rooflab.checkpoints import Checkpoint, read_checkpoint, released
from rooflab.command.estimate_words import shortage, text
from rooflab.command.options import add_device, add_json, device_named
from rooflab.command.reading import read_text
from rooflab.errors import LabError
from rooflab.estimates import Estimate, Question, estimate
from rooflab.estimates.benchmark import benchmark_commands, loads_as
from rooflab.evaluate import BOUNDS
from rooflab.facts.serving import CHAT
from rooflab.facts.workloads import workload
from rooflab.open_bench.device import completed
from rooflab.specs import WEIGHT_SCHEMES, Device
from rooflab.units import format_count, format_quantity

__all__ = ["add"]

LARGEST_CHARACTERS = 4_000_000
_KV = ("bf16", "fp8")
_MODEL = "MODEL"  # in a command, for whoever runs it to replace
_LIMITS = {"chips": 1024, "batch": 65536, "prompt": 1_000_000, "output": 1_000_000}
_ASSUMED = (
    f"Requests are equally long; a usual stack: tensor parallelism, fused attention, kernels launched as a graph, pages of {CHAT.page_tokens} tokens.",
    "Queues, sampling and the network between client and server take no time.",
)
_NODE_DEVICES = 8
_BEYOND_A_NODE = f"More than {_NODE_DEVICES} devices are taken to be linked like those of one node; a network between nodes is slower."


def add(commands: Any) -> None:
    """Add the command to an argument parser's."""
    command = commands.add_parser("estimate", help="estimate how fast devices serve a model")
    command.add_argument("--model", required=True, help="a config.json of Hugging Face, - for standard input, or a known name")
    add_device(command, "h100-sxm")
    command.add_argument("--chips", type=_count("chips"), default=1, help="devices that share the model; 1 by default")
    command.add_argument("--batch", type=_count("batch"), default=1, help="sequences in flight; 1 by default")
    command.add_argument("--prompt", type=_count("prompt"), default=1024, help="tokens of a prompt; %(default)s by default")
    command.add_argument("--output", type=_count("output"), default=128, help="tokens of an output; %(default)s by default")
    command.add_argument("--weights", choices=tuple(WEIGHT_SCHEMES), help="how weights are stored; as the file says by default")
    command.add_argument("--kv", choices=_KV, default="bf16", help="how the cache is stored; bf16 by default")
    add_json(command)
    command.set_defaults(run=_run)


def _count(name: str) -> Any:
    most = _LIMITS[name]

    def read(text: str) -> int:
        if not re.fullmatch(r"[0-9]{1,9}", text) or not 1 <= int(text) <= most:
            raise argparse.ArgumentTypeError(f"{text[:30]!r} is not a whole number from 1 to {format_count(most)}")
        return int(text)

    return read


def _run(options: argparse.Namespace) -> tuple[dict[str, Any], str, int]:
    read, served = _checkpoint(options.model)
    checkpoint = read if options.weights is None else _stored(read, options.weights)
    known = device_named(options.device, options.card)
    chip = completed(known)
    if checkpoint.scheme.compute not in chip.peak_flop_per_s:
        formats = ", ".join(name for name, each in WEIGHT_SCHEMES.items() if each.compute in chip.peak_flop_per_s)
        raise LabError(f"{chip.name} has no known peak for {checkpoint.scheme.name}; --weights takes {formats} there.")
    question = Question(
        checkpoint=checkpoint,
        device=chip,
        chips=options.chips,
        batch=options.batch,
        prompt_tokens=options.prompt,
        output_tokens=options.output,
        kv_precision=options.kv,
    )
    found = estimate(question)
    as_stored = checkpoint.scheme.id == read.scheme.id
    on_disk = read.scheme if as_stored or loads_as(read.scheme, checkpoint.scheme) else checkpoint.scheme
    if on_disk is not read.scheme:
        served = _MODEL
    files = (f"{_MODEL} in the commands stands for files of {checkpoint.workload.name}: {on_disk.name}.",) if served == _MODEL else ()
    far = (_BEYOND_A_NODE,) if question.chips > _NODE_DEVICES else ()
    notes = (*_device_notes(known, question), *far, *_ASSUMED, *checkpoint.notes, *files)
    commands = benchmark_commands(question, model=served, quantised=as_stored)
    figures = _figures(question, found) | {"notes": list(notes), "benchmark": list(commands)}
    return figures, text(question, found, notes, commands), 0 if found.fits else 1


def _stored(read: Checkpoint, weights: str) -> Checkpoint:
    """Return the model with the weights of its layers in another format."""
    notes = tuple(each for each in read.notes if "weights are taken to be" not in each)
    return replace(read, scheme=WEIGHT_SCHEMES[weights], attention_quantised=True, shared_quantised=True, notes=notes)


def _checkpoint(model: str) -> tuple[Checkpoint, str]:
    """Return what is known of a model, and the name or folder by which a server would load it."""
    if model != "-" and not model.endswith(".json") and not os.path.exists(model):
        return released(workload(model)), model if "/" in model else _MODEL
    path = Path(model)
    if path.is_dir():
        path = path / "config.json"
    text = read_text("-" if model == "-" else str(path), LARGEST_CHARACTERS)
    return read_checkpoint(text, name=path.name), str(path.resolve().parent) if path.name == "config.json" else _MODEL


def _device_notes(known: Device, question: Question) -> tuple[str, ...]:
    """Say what was assumed of a device that its record lacks, and where the model does not divide among devices."""
    chip, chips, heads = question.device, question.chips, question.checkpoint.workload.heads
    words = {
        "peak_flop_per_s": "products in BF16 are as fast as in FP16",
        "vector_flop_per_s": f"vector units do {format_quantity(chip.vector_flop_per_s, 'FLOP/s')}",
    }
    if chips > 1:
        words["link_bytes_per_s"] = f"devices exchange {format_quantity(chip.link_bytes_per_s, 'B/s')} each way"
    changed = (name for name in words if getattr(known, name) != getattr(chip, name))
    notes = tuple(f"Assumed of the device: {words[name]}." for name in changed)
    if heads % chips == 0:
        return notes
    return (f"{heads} heads do not divide evenly among {chips} devices: stacks with tensor parallelism refuse that.", *notes)


def _figures(question: Question, found: Estimate) -> dict[str, Any]:
    shape, held = question.checkpoint.workload, found.memory
    figures: dict[str, Any] = {
        "model": shape.name,
        "device": question.device.id,
        "chips": question.chips,
        "batch": question.batch,
        "prompt_tokens": question.prompt_tokens,
        "output_tokens": question.output_tokens,
        "weights": question.checkpoint.scheme.id,
        "kv_precision": question.kv_precision,
        "params": shape.params_count,
        "active_params": shape.active_params_count,
        "fits": found.fits,
        "memory_bytes_per_device": {words: float(size) for words, size in held.parts},
        "cache_bytes": question.cache_bytes,
        "cache_bytes_with_pages_and_copies": float(held.kv_bytes) * question.chips,
        "available_bytes_per_device": float(held.available_bytes),
        "largest_batch": found.largest_batch,
        "largest_batch_at_mean_length": found.mean_largest_batch,
    }
    if not found.fits:
        return figures | {"reason": shortage(question, found)}
    return figures | {
        "time_to_first_token_s": float(found.first_one.step_time_s),
        "time_to_first_token_of_all_s": float(found.first_all.step_time_s),
        "time_between_tokens_s": float(found.step.inter_token_s),
        "time_between_tokens_under_load_s": float(found.loaded.inter_token_s),
        "tokens_per_s": found.tokens_per_s,
        "tokens_per_s_of_one_batch": found.batch_tokens_per_s,
        "bound": BOUNDS[int(found.step.bound)],
        "bound_times_s": dict(zip(BOUNDS, map(float, found.step.bound_times_s), strict=True)),
        "mfu_fraction": float(found.step.mfu_fraction),
        "mbu_fraction": float(found.step.mbu_fraction),
        "prefill_mfu_fraction": float(found.first_all.mfu_fraction),
        "bands": {
            name: {"low_s": band.low_s, "high_s": band.high_s, "validated": band.validated, "words": band.words}
            for name, band in (
                ("time_to_first_token_s", found.first_band),
                ("time_between_tokens_s", found.step_band),
                ("time_between_tokens_under_load_s", found.loaded_band),
            )
        },
    }
