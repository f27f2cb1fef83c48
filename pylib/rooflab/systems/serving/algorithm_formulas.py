"""Math Peek of what requests, drafts, experts and sparse weights change in serving."""

from rooflab.model.layer_fusion import HELD_ROWS
from rooflab.model.moe import mean_experts_count, prompt_step_share
from rooflab.specs import Service
from rooflab.systems.formula import Formula, given
from rooflab.systems.serving.design import SPARSITIES, ServingDesign
from rooflab.systems.serving.evaluate import evaluate_serving
from rooflab.systems.serving.load import piggybacked_tokens_count
from rooflab.systems.serving.outcome import ServingOutcome
from rooflab.systems.serving.scenario import ServingScenario
from rooflab.units import format_bytes, format_count, format_quantity, format_time

__all__ = ["algorithm_formulas", "plain"]


def algorithm_formulas(
    scenario: ServingScenario, design: ServingDesign, outcome: ServingOutcome
) -> tuple[Formula, ...]:
    """Return the formulas of one design in a scenario with a service; none without."""
    service = scenario.service
    if service is None:
        return ()
    found = [_kept_room(service, design)]
    if design.phase == "decode":
        found += [_inter_token(outcome), _prompts(scenario, design, outcome), _flop(design, outcome)]
        if scenario.draft is not None:
            found.append(_round(service, design, outcome))
        if design.draft_tokens:
            found.append(_load(scenario, design, outcome))
        if design.experts != "dense":
            found.append(_experts(scenario, design, outcome))
    if design.sparsity != "dense":
        found.append(_sparse(scenario, design))
    if outcome.held_bytes:
        found.append(_held(outcome))
    return tuple(found)


def plain(value: float) -> str:
    """Write a number that goes into a formula: four digits, or all of a large or whole one."""
    return format_count(value) if value >= 1000 or value == int(value) else f"{value:.4g}"


def _kept_room(service: Service, design: ServingDesign) -> Formula:
    if design.kv_layout == "contiguous":
        symbols, numbers = "c_kept = longest request", f"c_kept = {plain(service.longest_tokens)} tokens"
        tokens = float(service.longest_tokens)
    else:
        symbols = "c_kept = c + (page − 1) / 2"
        numbers = f"c_kept = {plain(design.context_tokens)} tokens + ({service.page_tokens} - 1) / 2"
        tokens = design.context_tokens + (service.page_tokens - 1) / 2
    return Formula(
        id="kept-room",
        instrument="capacity",
        name="Room that the cache keeps for a sequence",
        symbols=symbols,
        numbers=numbers,
        result=f"{plain(tokens)} tokens",
        meaning=f"A sequence has {plain(design.context_tokens)} tokens in the cache on average: its prompt of "
        f"{plain(service.prompt_tokens)} and half of its {plain(service.output_tokens)} tokens of output.",
        sources=(service.source_of("longest_tokens"), service.source_of("page_tokens")),
    )


def _inter_token(outcome: ServingOutcome) -> Formula:
    return Formula(
        id="inter-token",
        instrument="inter-token",
        name="Mean time between the tokens of a reader",
        symbols="t = T / E",
        numbers=f"t = {given(outcome.step_time_s, 's')} / {plain(float(outcome.round_tokens_count))}",
        result=format_time(outcome.inter_token_s),
        meaning="T is a round: drafts, verification, and the prompts of others that ride along. E tokens of every "
        "sequence come out of it.",
        sources=(),
    )


def _prompts(scenario: ServingScenario, design: ServingDesign, outcome: ServingOutcome) -> Formula:
    service, tokens = scenario.service, float(outcome.round_tokens_count)
    prompts = float(piggybacked_tokens_count(scenario, batch=design.batch, round_tokens=tokens))
    return Formula(
        id="prompts",
        instrument="inter-token",
        name="Prompt tokens that ride along in a step",
        symbols="P = (B − 1) E × prompt / output",
        numbers=f"P = ({plain(design.batch)} - 1) × {plain(tokens)} × {plain(service.prompt_tokens)} / "
        f"{plain(service.output_tokens)}",
        result=f"{plain(prompts)} tokens",
        meaning="While a sequence writes its output every other one is replaced once; the new prompts share the read "
        "of the weights and add arithmetic.",
        sources=(service.source_of("prompt_tokens"),),
    )


def _flop(design: ServingDesign, outcome: ServingOutcome) -> Formula:
    operators = outcome.operators
    draft = float(operators.flop[operators.ids.index("draft")]) if "draft" in operators.ids else 0.0
    own = float(operators.flop.sum()) - draft
    return Formula(
        id="flop",
        instrument="flop",
        name="FLOPs of a final token, on one GPU",
        symbols="O_token = (O_verify + γ O_draft) / (B E)",
        numbers=f"O_token = ({given(own, 'FLOP')} + {given(draft, 'FLOP')}) / "
        f"({plain(design.batch)} × {plain(float(outcome.round_tokens_count))})",
        result=format_quantity(outcome.flop_per_output, "FLOP"),
        meaning="Refused drafts were computed all the same, and so were the prompts that ride along.",
        sources=(),
    )


def _round(service: Service, design: ServingDesign, outcome: ServingOutcome) -> Formula:
    alpha = f"{service.acceptance_fraction:g}"
    return Formula(
        id="round",
        instrument="round",
        name="Tokens of a round",
        symbols="E = (1 − α^(γ + 1)) / (1 − α)",
        numbers=f"E = (1 - {alpha}^{design.draft_tokens + 1}) / (1 - {alpha})",
        result=f"{float(outcome.round_tokens_count):.3g} tokens",
        meaning=f"Each of γ = {design.draft_tokens} drafts is accepted with the chance α; the first that is not ends the "
        "round, and verification gives one token more (Leviathan et al. 2023).",
        sources=(service.source_of("acceptance_fraction"),),
    )


def _load(scenario: ServingScenario, design: ServingDesign, outcome: ServingOutcome) -> Formula:
    without = evaluate_serving(scenario, design.replace(draft_tokens=0))
    draft_s = float(outcome.operators.time_s[outcome.operators.ids.index("draft")])
    verify_s = float(outcome.step_time_s) - draft_s
    gain = float(outcome.tokens_per_s / without.tokens_per_s)
    return Formula(
        id="speculation",
        instrument="throughput",
        name="What drafting gains at this load",
        symbols="gain = E T_plain / (γ T_draft + T_verify)",
        numbers=f"gain = {plain(float(outcome.round_tokens_count))} × {given(without.step_time_s, 's')} / "
        f"({given(draft_s, 's')} + {given(verify_s, 's')})",
        result=f"{gain:.3g} times the tokens",
        meaning=f"A verification computes {plain(design.batch * (1 + design.draft_tokens))} tokens at once. Below 1 "
        "drafting is a loss.",
        sources=(),
    )


def _experts(scenario: ServingScenario, design: ServingDesign, outcome: ServingOutcome) -> Formula:
    model, service = scenario.mixture, scenario.service
    tokens = design.batch * (1 + design.draft_tokens)
    prompts = float(
        piggybacked_tokens_count(scenario, batch=design.batch, round_tokens=outcome.round_tokens_count)
    )
    share = float(prompt_step_share(prompt_tokens=prompts, prompt_length=service.prompt_tokens))
    with_prompt = tokens + max(prompts, service.prompt_tokens)
    read = mean_experts_count(
        experts=model.experts,
        experts_per_token=model.experts_per_token,
        tokens=tokens,
        prompt_tokens=prompts,
        prompt_length=service.prompt_tokens,
    )
    words = "Every expert is divided among all GPUs, so each reads its share of these."
    if design.experts == "expert":
        words = (
            "Experts stand whole, so the busiest GPU reads at least one, and computes "
            f"{service.imbalance_factor:g} times the mean."
        )
    missed = f"(1 - {model.experts_per_token} / {model.experts})"
    return Formula(
        id="experts",
        instrument="mbu",
        name="Experts that a step reads",
        symbols="n = E (1 − (1 − s) (1 − K / E)^T − s (1 − K / E)^(T + P))",
        numbers=f"n = {model.experts} × (1 - {1 - share:.3g} × {missed}^{plain(tokens)} - {share:.3g} × "
        f"{missed}^{plain(with_prompt)})",
        result=f"{float(read):.3g} of {model.experts} experts",
        meaning=f"T tokens choose independently, and in a share s of the steps a prompt's P tokens too. {words} All experts "
        f"are kept in memory: {model.params_count / 1e9:.3g} billion parameters, of which a token uses "
        f"{model.active_params_count / 1e9:.3g} billion.",
        sources=(model.source_of("experts"), service.source_of("imbalance_factor")),
    )


def _sparse(scenario: ServingScenario, design: ServingDesign) -> Formula:
    service = scenario.service
    kept, value = SPARSITIES[design.sparsity], scenario.schemes[design.precision].element_bytes
    skipped = design.sparsity == "2:4"
    return Formula(
        id="sparsity",
        instrument="capacity",
        name="Bytes of a weight's place in the layers",
        symbols="w = q v + 1/8",
        numbers=f"w = {kept:g} × {value:g} B + 0.125 B",
        result=f"{kept * value + 1 / 8:.4g} B",
        meaning=(
            "Each kept one of four takes 2 bits to say where it stood. Matrix units skip the others: twice the rate on "
            f"paper, {2 * service.sparse_rate_fraction:.3g} times in large products."
            if skipped
            else "A bit for each place says whether it is kept. Matrix units multiply the zeros all the same: operations "
            "stay, and putting values back in place costs the vector units time."
        ),
        sources=(service.source_of("sparse_rate_fraction"),),
    )


def _held(outcome: ServingOutcome) -> Formula:
    width = float(outcome.held_bytes) / HELD_ROWS / 2
    return Formula(
        id="held",
        instrument="traffic",
        name="What a fused kernel would have to keep on the chip",
        symbols="rows × width × 2 B ≤ shared memory",
        numbers=f"{HELD_ROWS} × {plain(width)} × 2 B",
        result=format_bytes(outcome.held_bytes),
        meaning=f"A multiprocessor has {format_bytes(outcome.on_chip_bytes)}. Sums over the link and products cannot be "
        "computed again for every tile.",
        sources=(),
    )
