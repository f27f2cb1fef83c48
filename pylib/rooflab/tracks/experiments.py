"""The experiments that all tracks share, and how one is made of a change and a comparison."""

from collections.abc import Callable, Mapping

from rooflab.analyses.trials import Trial
from rooflab.evaluate import BOUNDS, Outcome
from rooflab.specs import ASSUMED, Choice, Control, Experiment
from rooflab.units import format_bytes, format_count, format_fraction, format_number, format_quantity, format_ratio, format_time

__all__ = ["ACCEPTANCE", "EQUAL_FRACTION", "ROOFS", "acceptance", "changed", "compared", "drafted", "experts_stored", "fused", "moved", "moved_bytes", "roof_experiments", "went"]

EQUAL_FRACTION = 5e-4
"""Two figures that differ by less read the same with three digits."""

Compare = Callable[[Outcome, Outcome], str]


def compared(
    experiment_id: str,
    do: str,
    watch: str,
    *,
    when: Callable[[Trial], bool],
    other: Callable[[Trial], Mapping[str, object]],
    words: Compare,
) -> Experiment:
    """Return an experiment on the real scenario: `words` lays the design beside the same one with the fields of `other`."""
    return Experiment(
        id=experiment_id,
        do=do,
        watch=watch,
        done=lambda trial: not trial.supposes and when(trial),
        finding=lambda trial: words(trial.outcome(**other(trial)), trial.outcome()),
    )


def changed(experiment_id: str, do: str, watch: str, *, field: str, words: Compare) -> Experiment:
    """Return an experiment that is done once a field of the design is not as the part begins; `words` compare with how it began."""
    return compared(
        experiment_id,
        do=do,
        watch=watch,
        when=lambda trial: getattr(trial.design, field) != getattr(trial.start, field),
        other=lambda trial: {field: getattr(trial.start, field)},
        words=words,
    )


def moved(before: float, after: float, write: Callable[[float], str]) -> str:
    """Say how a figure moved.

    >>> moved(2.0, 1.0, format_number), moved(2.0, 2.0, format_number)
    ('falls from 2.0 to 1.0', 'stays at 2.0')
    """
    if write(before) == write(after):
        return f"stays at {write(before)}"
    return f"{'falls' if after < before else 'rises'} from {write(before)} to {write(after)}"


def went(before: float, after: float, write: Callable[[float], str]) -> str:
    """Say from what to what a figure went.

    >>> went(2.0, 1.0, format_number), went(2.0, 2.0, format_number)
    ('from 2.0 to 1.0', '2.0 as before')
    """
    return f"{write(before)} as before" if write(before) == write(after) else f"from {write(before)} to {write(after)}"


# Part 1: one roof at a time


ROOFS = tuple(
    Control(id=f"{each}_factor", label=words, minimum=1, maximum=4, doubling=True, unit="× its own")
    for each, words in (("peak", "Rₚₑₐₖ"), ("bandwidth", "BWₘₑₘ"))
)
"""What may be supposed in part 1: one roof at a time."""


def _sloped(trial: Trial) -> bool:
    """Say whether the layer chosen is memory-bound and left of the ridge, with nothing supposed."""
    real = trial.real()
    if trial.layer not in real.operators.ids:
        return False
    at, operators = real.operators.ids.index(trial.layer), real.operators
    left = operators.intensity_flop_per_byte[at] < real.ridge_flop_per_byte
    return bool(operators.flop[at] > 0 and left and BOUNDS[int(operators.bound[at])] == "memory")


def _peak_done(trial: Trial) -> bool:
    supposed = trial.what_if
    return supposed.peak_factor > 1 and supposed.bandwidth_factor == 1 and _sloped(trial)


def _bandwidth_done(trial: Trial) -> bool:
    supposed = trial.what_if
    return supposed.bandwidth_factor > 1 and supposed.peak_factor == 1 and _sloped(trial)


def _peak_finding(trial: Trial) -> str:
    real, supposed = trial.real(), trial.outcome()
    at = real.operators.ids.index(trial.layer)
    before, after = (float(each.operators.time_s[at]) for each in (real, supposed))
    words = (
        f"{real.operators.names[at]}, {trial.what_if.words}: its time {moved(before, after, format_time)}. "
        f"Moving its bytes takes {format_time(real.operators.memory_s[at])}, its arithmetic took "
        f"{format_time(real.operators.compute_s[at])} and now takes {format_time(supposed.operators.compute_s[at])}; the ridge "
        f"moves from {format_number(real.ridge_flop_per_byte)} to {format_number(supposed.ridge_flop_per_byte)} FLOP per byte."
    )
    if after < before * (1 - EQUAL_FRACTION):
        words += f" The roofline supposes that bytes hide all arithmetic; {format_time(before - after)} of it they did not."
    return words


def _bandwidth_finding(trial: Trial) -> str:
    real, supposed = trial.real(), trial.outcome()
    at = real.operators.ids.index(trial.layer)
    before, after = (float(each.operators.time_s[at]) for each in (real, supposed))
    return (
        f"{real.operators.names[at]}, {trial.what_if.words}: its time {moved(before, after, format_time)}, "
        f"{format_ratio(before / after)} as fast. Moving its bytes took {format_time(real.operators.memory_s[at])} and now takes "
        f"{format_time(supposed.operators.memory_s[at])}; arithmetic and launches still take "
        f"{format_time(real.operators.compute_s[at])} and {format_time(real.operators.launch_s[at])}."
    )


def roof_experiments(layer: str) -> tuple[Experiment, ...]:
    """Return the experiments on the first lock of part 1, one roof at a time; `layer` says which one shows it best."""
    return (
        Experiment(
            id="peak-alone",
            do=f"Choose {layer}. Under What if, raise R_peak and leave BW_mem at 1.",
            watch="The roof, the dot, and the layer's time.",
            done=_peak_done,
            finding=_peak_finding,
        ),
        Experiment(
            id="bandwidth-alone",
            do="With the same layer, raise BW_mem and set R_peak back to 1.",
            watch="The slope, the dot, and the layer's time.",
            done=_bandwidth_done,
            finding=_bandwidth_finding,
        ),
    )


# Part 2: what fusing changes


def fused(nothing: str) -> Experiment:
    """Return the experiment on the first lock of part 2; `nothing` is the chain with no boundary fused."""
    return compared(
        "fused-traffic",
        do="Fuse at least one boundary.",
        watch="Operations (O) against bytes (D_vol).",
        when=lambda trial: trial.design.fusion != nothing and trial.start.fusion != trial.design.fusion,
        other=lambda trial: {"fusion": nothing},
        words=_fused_words,
    )


def _fused_words(before: Outcome, after: Outcome) -> str:
    launches = (float(each.operators.launches.sum()) for each in (before, after))
    return (
        f"Against nothing fused, O {moved(_flop(before), _flop(after), _flops)} and D_vol "
        f"{moved(moved_bytes(before), moved_bytes(after), format_bytes)} a step; launches: {went(*launches, _counted)}. "
        "What passes inside a kernel is neither written nor read."
        + (" Some of it is computed again instead." if _flop(after) > _flop(before) * (1 + EQUAL_FRACTION) else "")
    )


# Part 3: what a guess costs


ACCEPTANCE = Control(
    id="acceptance_fraction",
    label="Guessed right",
    choices=(
        Choice(id=ASSUMED, text="As assumed"),
        *(Choice(id=f"{share:g}", text=format_fraction(share)) for share in (0.1, 0.3, 0.5, 0.7, 0.9)),
    ),
)
"""What may be supposed in part 3: the share of guesses that hold. Attempts are scored at the share that the scenario assumes."""


def drafted(experiment_id: str, do: str, *, off: Mapping[str, object], words: str) -> Experiment:
    """Return the experiment on the first lock of part 3; `off` sets the fields that guess to where nothing is guessed.

    `words` say of the track's own form of guessing why operations move as they do.
    """
    return compared(
        experiment_id,
        do=do,
        watch="Operations and bytes for each output.",
        when=lambda trial: any(getattr(trial.design, name) != value for name, value in off.items()),
        other=lambda trial: off,
        words=lambda before, after: (
            f"Operations for each output: {went(float(before.flop_per_output), float(after.flop_per_output), _flops)}. Bytes: "
            f"{went(float(before.bytes_per_output), float(after.bytes_per_output), format_bytes)}. {words}"
        ),
    )


def experts_stored(do: str, watch: str, *, words: Compare) -> Experiment:
    """Return the experiment with several experts instead of one."""
    return compared(
        "experts-stored",
        do=do,
        watch=watch,
        when=lambda trial: trial.design.experts > 1,
        other=lambda trial: {"experts": 1},
        words=words,
    )


def acceptance(do: str, *, off: Mapping[str, object]) -> Experiment:
    """Return the experiment with a predictor that is right more or less often; `off` is as for `drafted`."""

    def done(trial: Trial) -> bool:
        guesses = any(getattr(trial.design, name) != value for name, value in off.items())
        return guesses and trial.what_if.acceptance_fraction is not None

    def finding(trial: Trial) -> str:
        real, supposed = trial.real(), trial.outcome()
        flop = (float(each.flop_per_output) for each in (real, supposed))
        moves = (float(each.bytes_per_output) for each in (real, supposed))
        return (
            f"With {format_fraction(trial.what_if.acceptance_fraction)} guessed right instead of what is assumed, operations for "
            f"each output: {went(*flop, _flops)}; bytes: {went(*moves, format_bytes)}. A guess is paid whether it holds or not."
        )

    return Experiment(
        id="acceptance", do=do, watch="Both again.",
        done=done, finding=finding,
    )  # fmt: skip


def _flop(outcome: Outcome) -> float:
    return float(outcome.operators.flop.sum())


def moved_bytes(outcome: Outcome) -> float:
    """Return the bytes of memory traffic of a step."""
    return float(outcome.operators.hbm_bytes.sum())


def _flops(value: float) -> str:
    return format_quantity(value, "FLOP")


def _counted(value: float) -> str:
    return format_count(round(value))
