"""Math Peek of the instruments that all tracks share in parts 2 and 3."""

from rooflab.analyses.gains import gains
from rooflab.analyses.tiles import Tiles, waiting_fraction
from rooflab.analyses.traffic import traffic
from rooflab.analyses.trail import trail_point
from rooflab.evaluate import Outcome
from rooflab.model.capacity import available_words
from rooflab.specs import Control, Design, Lever, Part, Scenario, TileProblem
from rooflab.systems.formula import Formula, format_rate, given
from rooflab.units import format_bytes, format_count, format_fraction, format_ratio, format_reading, format_time
from rooflab.values import Values

__all__ = ["shared_formulas", "tiling_formulas"]


def shared_formulas(
    scenario: Scenario, part: Part, design: Design, outcome: Outcome, *, start: Design
) -> tuple[Formula, ...]:
    """Return the formulas of the shared instruments for one design; none in a part without a mission.

    Traffic has a formula where a chain is fused, and gains, counted from `start`, where there are
    levers.
    """
    if part.mission is None:
        return ()
    return (
        *(_traffic(scenario, design, each) for each in part.controls if each.chain),
        _memory(outcome),
        *_trail(outcome),
        *(_gains(scenario, start, design, part.levers) if part.levers else ()),
    )


def tiling_formulas(problem: TileProblem, tiles: Tiles) -> tuple[Formula, ...]:
    """Return the times of a tiling's waves, bytes and kernel, in numbers; for one tiling, whether it fits or not."""
    waves_s, bytes_s = given(float(tiles.waves_s), "s"), given(float(tiles.bytes_s), "s")
    depth = -(-problem.depth // tiles.splits)
    start = f"{given(problem.tile_start_s, 's')} + " if problem.tile_start_s else ""
    return (
        Formula(
            id="tiling-waves",
            instrument="tiling",
            name=f"Waves, {problem.name}",
            symbols="T_waves = ⌈tiles / places⌉ × " + ("(t_start + " if start else "") + "2 t_m t_n K_part / (R / places)" + (")" if start else ""),
            numbers=f"T_waves = ⌈{_plain(tiles.tiles_count)} / {problem.slots}⌉ × " + ("(" if start else "") + start
            + f"2 × {tiles.tile_rows} × {tiles.tile_columns} × {depth} / ({format_rate(problem.flop_per_s)} / {problem.slots})"
            + (")" if start else ""),
            result=waves_s,
            meaning="Tiles over the edge and places that are idle in the last wave do no useful work "
            "(NVIDIA, Matrix Multiplication Background User's Guide).",
            sources=(problem.start_source,) if problem.start_source else (),
        ),
        Formula(
            id="tiling-bytes",
            instrument="tiling",
            name=f"Bytes, {problem.name}",
            symbols="T_bytes = max(D_memory / BW_mem, D_moved / BW_cache)" if problem.cache else "T_bytes = D_moved / BW_mem",
            numbers=_bytes_numbers(problem, tiles),
            result=bytes_s,
            meaning="A tile reads a band of both operands, so operands are read once for each row and column of tiles; parts of a split "
            "sum write partial sums, which one pass reads.",
            sources=problem.sources,
        ),
        Formula(
            id="tiling",
            instrument="tiling",
            name=f"Kernel, {problem.name}",
            symbols="T = max(T_waves, T_bytes) + w × min(T_waves, T_bytes)",
            numbers=f"T = max({waves_s}, {bytes_s}) + {waiting_fraction(problem, tiles):.3g} × min({waves_s}, {bytes_s})",
            result=format_time(float(tiles.kernel_s)) if tiles.fits else "none: the tile does not fit on the chip",
            meaning="w is the share of the shorter time that nothing hides: "
            + ("the fourth root of one wave's share of the work." if problem.waiting_fraction else "none here."),
            sources=(),
        ),
    )


def _bytes_numbers(problem: TileProblem, tiles: Tiles) -> str:
    def part(time_s: Values, bytes_: Values, name: str) -> str:
        return f"{given(float(time_s), 's')} for {given(float(bytes_), 'B')} from {name}"

    memory = part(tiles.memory_s, tiles.memory_bytes, problem.memory.name)
    if problem.cache is None:
        return f"T_bytes = {memory}"
    return f"T_bytes = max({memory}, {part(tiles.cache_s, tiles.moved_bytes, problem.cache.name)})"


def _traffic(scenario: Scenario, design: Design, control: Control) -> Formula:
    found = traffic(scenario, design, control.id, control)
    unfused, now = (given(each.hbm_bytes, "B") for each in (found.unfused, found.present))
    return Formula(
        id="traffic",
        instrument="traffic",
        name="Traffic that fusion takes away",
        symbols="s = (D_none − D_now) / D_none",
        numbers=f"s = ({unfused} − {now}) / {unfused}",
        result=format_fraction(found.saved_fraction),
        meaning=f"A fused kernel neither writes nor reads what passes inside it. Operations: "
        f"{given(found.unfused.flop, 'FLOP')} with nothing fused, {given(found.present.flop, 'FLOP')} now. A "
        "boundary's bar is the mean of what it saves over all orders of fusing (Shapley 1953).",
        sources=(),
    )


def _memory(outcome: Outcome) -> Formula:
    capacity = outcome.capacity
    return Formula(
        id="memory",
        instrument="memory",
        name="Memory needed",
        symbols="M = Σ parts",
        numbers="M = " + " + ".join(f"{given(float(bytes_), 'B')} {words}" for words, bytes_ in capacity.parts),
        result=format_bytes(float(capacity.needed_bytes)),
        meaning=f"{available_words(capacity)} available.",
        sources=(),
    )


def _trail(outcome: Outcome) -> tuple[Formula, ...]:
    point = trail_point(outcome)
    flop = given(float(outcome.operators.flop.sum()), "FLOP")
    return (
        Formula(
            id="step-intensity",
            instrument="trail",
            name="Intensity of the whole step",
            symbols="I = Σ O / Σ D_vol",
            numbers=f"I = {flop} / {given(float(outcome.operators.hbm_bytes.sum()), 'B')}",
            result=format_reading(point.intensity_flop_per_byte, "FLOP/byte"),
            meaning="All operators of a step together are one point of the trail.",
            sources=(),
        ),
        Formula(
            id="step-rate",
            instrument="trail",
            name="Attained over the whole step",
            symbols="P = Σ O / T",
            numbers=f"P = {flop} / {given(float(outcome.step_time_s), 's')}",
            result=format_rate(point.attained_flop_per_s),
            meaning=f"{format_fraction(point.roof_fraction)} of its own ceiling at this intensity, with its ridge at "
            f"{format_reading(point.ridge_flop_per_byte, 'FLOP/byte')}: all kernels of the step together.",
            sources=(),
        ),
    )


def _gains(
    scenario: Scenario, start: Design, design: Design, levers: tuple[Lever, ...]
) -> tuple[Formula, ...]:
    found = gains(scenario, start, design, levers)
    total = Formula(
        id="speed-up",
        instrument="gains",
        name="Speed-up of an output since the start",
        symbols="S = T_start / T_now",
        numbers=f"S = {given(found.start_time_s, 's')} / {given(found.present_time_s, 's')}",
        result=format_ratio(found.total_factor),
        meaning="The time of a step over its useful outputs, then and now.",
        sources=(),
    )
    if not found.gains:
        return (total,)
    return (
        total,
        Formula(
            id="shapley",
            instrument="gains",
            name="The levers' factors",
            symbols="S = Π exp(φ_i), φ_i = Σ_A |A|! (n − |A| − 1)! / n! × ln(T_A / T_A+i)",
            numbers="S = " + " × ".join(f"{each.factor:.4g} {each.name.lower()}" for each in found.gains),
            result=format_ratio(found.total_factor),
            meaning="A lever's factor is its mean gain over all orders in which the changes could be "
            "made, on the log of the time; so the factors multiply to the whole (Shapley 1953).",
            sources=(),
        ),
    )


def _plain(count: float) -> str:
    return format_count(count).replace("\N{NO-BREAK SPACE}", "")
