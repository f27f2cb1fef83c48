"""Math Peek of what the algorithms of the glasses cost and guess."""

from rooflab.model.speculation import tokens_per_round_count
from rooflab.systems.formula import Formula, given
from rooflab.systems.glasses.design import GlassesDesign
from rooflab.systems.glasses.evaluate import GlassesOutcome, stored_count
from rooflab.systems.glasses.filter import params_count
from rooflab.systems.glasses.scenario import GlassesScenario
from rooflab.units import format_bytes, format_count, format_time

__all__ = ["algorithm_formulas"]


def algorithm_formulas(
    scenario: GlassesScenario, design: GlassesDesign, outcome: GlassesOutcome
) -> tuple[Formula, ...]:
    """Return delay, staleness and footprint, and what is guessed where the design guesses anything."""
    scene = scenario.scene
    sources = (scene.source_of("frame_acceptance_fraction"),)
    found = [_delay(design, outcome), _stale(design, outcome), _footprint(scenario, design, outcome)]
    for name, guessed, alpha, id_, unit, meaning in (
        (
            "Frames of a round",
            design.skipped_frames,
            scene.frame_acceptance_fraction,
            "frames-per-round",
            "frames",
            "One of them is filtered, the others are predicted and pass the check: operations for each "
            "frame fall, because a check is cheaper than what it stands for.",
        ),
        (
            "Tokens of a round",
            design.draft_tokens,
            scene.token_acceptance_fraction,
            "tokens-per-round",
            "tokens",
            "The decoder reads its weights once for all of them, and verifies every draft: operations for "
            "each token rise while bytes fall.",
        ),
    ):
        if guessed:
            count = float(tokens_per_round_count(acceptance_fraction=alpha, drafted=guessed))
            found.append(
                Formula(
                    id=id_,
                    instrument="algorithm",
                    name=name,
                    symbols="E = (1 − α^(γ + 1)) / (1 − α)",
                    numbers=f"E = (1 − {alpha:g}^({guessed} + 1)) / (1 − {alpha:g})",
                    result=f"{count:.3g} {unit}",
                    meaning=meaning,
                    sources=sources,
                )
            )
    return tuple(found)


def _delay(design: GlassesDesign, outcome: GlassesOutcome) -> Formula:
    batch, rate = design.translations_batched, design.translations_per_s
    each_s = (float(outcome.translation_delay_s) - (batch - 1) / rate) / batch
    return Formula(
        id="delay",
        instrument="delay",
        name="Translation delay",
        symbols="t = (B − 1) / f + B × t_phrase",
        numbers=f"t = ({batch} − 1) / {given(rate, 'Hz')} + {batch} × {given(each_s, 's')}",
        result=format_time(outcome.translation_delay_s),
        meaning="The first phrase of a batch waits for the last. Its kernels run between frames.",
        sources=(),
    )


def _stale(design: GlassesDesign, outcome: GlassesOutcome) -> Formula:
    return Formula(
        id="stale",
        instrument="stale",
        name="Shown from predictions",
        symbols="t = γ / f",
        numbers=f"t = {design.skipped_frames} / {given(design.frames_per_s, 'Hz')}",
        result=format_time(outcome.stale_s),
        meaning="The longest that an overlay rests on checks alone.",
        sources=(),
    )


def _footprint(scenario: GlassesScenario, design: GlassesDesign, outcome: GlassesOutcome) -> Formula:
    net, scene = scenario.translator, scenario.scene
    size = scene.expert_size_fraction[design.experts]
    layers = net.encoder_params_count + net.decoder_params_count
    small = []
    if design.skipped_frames:
        small.append(f"{scene.check_fraction:g} × {format_count(params_count(scenario.filter))}")
    if design.draft_tokens:
        drafting = net.decoder_params_count * size + net.vocab_params_count
        small.append(f"{scene.draft_fraction:g} × {format_count(drafting)}")
    element_bytes = float(outcome.footprint_bytes) / stored_count(scenario, design)
    return Formula(
        id="footprint",
        instrument="footprint",
        name="Footprint of all weights",
        symbols="M = w × (N_filter + N_words + E × s × N_layers + small models)",
        numbers=f"M = {given(element_bytes, 'B')} × ({format_count(params_count(scenario.filter))} + "
        f"{format_count(net.vocab_params_count)} + {design.experts} × {size:g} × {format_count(layers)}"
        f"{''.join(f' + {each}' for each in small)})",
        result=format_bytes(outcome.footprint_bytes),
        meaning="All experts are kept, one is read for a phrase. A sparse weight takes its kept share and its index.",
        sources=(net.source_of("hidden"), scenario.filter.source_of("blocks")),
    )
