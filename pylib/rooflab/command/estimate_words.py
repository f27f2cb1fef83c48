"""What `rooflab estimate` prints."""

from __future__ import annotations

from rooflab.estimates import Estimate, Question
from rooflab.evaluate import BOUNDS, ErrorBand
from rooflab.systems.serving.outcome import ServingOutcome
from rooflab.units import counted, format_bytes, format_count, format_fraction, format_quantity, format_ratio, format_time

__all__ = ["shortage", "text"]


def text(question: Question, found: Estimate, notes: tuple[str, ...], commands: tuple[str, str]) -> str:
    """Return the whole answer in words."""
    shape, held = question.checkpoint.workload, found.memory
    full = question.prompt_tokens + question.output_tokens
    lines = [
        f"{shape.name}, {_params_words(question)}, {question.checkpoint.scheme.name}, on "
        f"{question.chips} x {question.device.name}",
        f"{counted(question.batch, 'sequence')} in flight, each a prompt of {format_count(question.prompt_tokens)} "
        f"and an output of {format_count(question.output_tokens)} tokens",
        "",
        "memory of each device",
        *(f"  {words:26}{format_bytes(float(size)):>10}" for words, size in held.parts if size),
        f"  {'needed':26}{format_bytes(float(held.needed_bytes)):>10} of {format_bytes(float(held.available_bytes))}",
        f"  the cache is {format_bytes(question.cache_bytes)} of keys and values in all, "
        f"{format_bytes(float(held.kv_bytes) * question.chips)} in whole pages and with copies on devices",
        f"  largest batch {format_count(found.largest_batch)} with all at {format_count(full)} tokens, "
        f"{format_count(found.mean_largest_batch)} at their mean of {format_count(question.mean_tokens)}",
        "",
    ]
    lines += _speed_lines(question, found) if found.fits else [shortage(question, found)]
    lines += ["", *notes]
    if found.fits:
        lines += ["", "To check it:", *(f"  {each}" for each in commands)]
    return "\n".join(lines)


def shortage(question: Question, found: Estimate) -> str:
    """Say what does not fit in the memory of all devices; nothing if everything does."""
    if found.fits:
        return ""
    chips, held = question.chips, found.memory
    there = format_bytes(float(held.available_bytes) * chips)
    weights = f"weights need {format_bytes(float(held.weight_bytes) * chips)}"
    if held.weight_bytes >= held.available_bytes:
        return f"This does not fit: {weights}, only {there} available."
    most = format_count(found.largest_batch)
    cache = format_bytes(float(held.kv_bytes) * chips)
    return f"This does not fit: {weights} and the cache {cache}, only {there} available with the reserve; the largest batch is {most}."


def _params_words(question: Question) -> str:
    shape = question.checkpoint.workload
    words = f"{shape.params_count / 1e9:.3g} billion parameters"
    return words if shape.experts == 1 else f"{words} ({shape.active_params_count / 1e9:.3g} for a token)"


def _speed_lines(question: Question, found: Estimate) -> list[str]:
    first, step, loaded = found.first_all, found.step, found.loaded
    lines = [
        f"time to first token   {format_time(float(found.first_one.step_time_s))} {_band_words(found.first_band)} for one prompt",
        f"time between tokens   {format_time(float(step.inter_token_s))} {_band_words(found.step_band)}",
        f"throughput            {format_quantity(found.batch_tokens_per_s, 'tokens/s')}",
    ]
    bands = [("first token", found.first_band), ("between tokens", found.step_band)]
    if question.batch > 1:
        lines[0] += f", {format_time(float(first.step_time_s))} for all {format_count(question.batch)} at once"
        lines[1] += (
            f", {format_time(float(loaded.inter_token_s))} {_band_words(found.loaded_band)} while prompts of others ride along"
        )
        lines[2] += f" as one batch to its end, {format_quantity(found.tokens_per_s, 'tokens/s')} with ended requests replaced"
        bands.append(("under load", found.loaded_band))
    return [
        *lines,
        f"a step is {_bound_words(step)}; MFU {format_fraction(step.mfu_fraction)}, MBU {format_fraction(step.mbu_fraction)}",
        f"a prefill is {_bound_words(first)}; MFU {format_fraction(first.mfu_fraction)}",
        "",
        *_evidence(*bands),
    ]


def _band_words(band: ErrorBand) -> str:
    return f"({format_time(band.low_s)} to {format_time(band.high_s)})"


def _evidence(*bands: tuple[str, ErrorBand]) -> list[str]:
    """Say what stands behind each time, and once what stands behind several."""
    names: dict[str, list[str]] = {}
    for name, band in bands:
        names.setdefault(band.words, []).append(name)
    return [f"{', '.join(each).capitalize()}: {words[0].lower()}{words[1:]}" for words, each in names.items()]


def _bound_words(outcome: ServingOutcome) -> str:
    """Say what a pass waits for most, and for how much longer than for the next."""
    times = sorted(zip(map(float, outcome.bound_times_s), BOUNDS, strict=True), reverse=True)
    (most_s, most), (next_s, second) = times[:2]
    words = f"{most}-bound: {format_time(most_s)}"
    return f"{words}, {format_ratio(most_s / next_s)} as long as {second}" if next_s > 0 else words
