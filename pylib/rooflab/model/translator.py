"""A translation transformer on a small chip: what one phrase costs, drafted, batched, with experts."""

from dataclasses import dataclass

from rooflab.model.moe import distinct_experts_count
from rooflab.model.speculation import tokens_per_round_count
from rooflab.specs import Scene, Translator
from rooflab.values import Values

__all__ = ["PhraseCost", "phrase_costs"]

ENCODER_KERNELS = 8  # a layer: Q, K and V, attention, output, sum and norm, two products, sum and norm
DECODER_KERNELS = 12  # a layer: the same with attention to the source
ROWS_PER_TOKEN = 8  # activations of width `hidden` that a layer moves for a token
SOURCE_ROWS_PER_TOKEN = 4  # the same for attention to the source


@dataclass(frozen=True, slots=True, kw_only=True)
class PhraseCost:
    """One part of the translator, for one phrase. Counts are of elements.

    `needed_flop` leaves out drafts and what verifies the rejected ones.
    """

    flop: Values
    needed_flop: Values
    weights_count: Values
    moved_count: Values
    kv_count: Values
    launches: Values


def phrase_costs(
    net: Translator, scene: Scene, *, batch: Values, drafted: Values, experts: Values, size_fraction: Values
) -> tuple[PhraseCost, PhraseCost, PhraseCost]:
    """Return the cost of encoder, decoder layers and vocabulary for a phrase in a batch of phrases.

    Every phrase has an expert of its own language, of `size_fraction` of the dense layers; a batch
    reads the experts of its phrases once. A round drafts tokens one by one with a small model and
    verifies them together, so that decoder and vocabulary are read once a round.
    """
    tokens = scene.phrase_tokens
    alpha, small = scene.token_acceptance_fraction, scene.draft_fraction
    rounds = tokens / tokens_per_round_count(acceptance_fraction=alpha, drafted=drafted)
    read = distinct_experts_count(experts=experts, experts_per_token=1, tokens=batch) / batch
    checked = rounds * (drafted + 1)
    proposed = rounds * drafted * small
    encoder = net.encoder_params_count * size_fraction
    decoder = net.decoder_params_count * size_fraction
    vocab = net.vocab_params_count
    layer_moved = ROWS_PER_TOKEN * net.hidden + 2 * net.ffn * size_fraction
    return (
        PhraseCost(
            flop=2 * tokens * encoder,
            needed_flop=2 * tokens * encoder,
            weights_count=encoder * read,
            moved_count=net.encoder_layers * tokens * layer_moved,
            kv_count=0.0 * rounds,
            launches=net.encoder_layers * ENCODER_KERNELS / batch,
        ),
        PhraseCost(
            flop=2 * decoder * (checked + proposed),
            needed_flop=2 * decoder * tokens,
            weights_count=decoder * (rounds * read + proposed / batch),
            moved_count=net.decoder_layers
            * (layer_moved + SOURCE_ROWS_PER_TOKEN * net.hidden)
            * (checked + proposed),
            # Keys and values of the source, and on average of half the phrase so far.
            kv_count=net.decoder_layers * 2 * net.hidden * 1.5 * tokens * rounds,
            launches=net.decoder_layers * DECODER_KERNELS * (rounds + rounds * drafted) / batch,
        ),
        PhraseCost(
            flop=2 * vocab * (checked + proposed),
            needed_flop=2 * vocab * tokens,
            weights_count=vocab * (rounds + proposed) / batch,
            moved_count=net.vocab * checked,
            kv_count=0.0 * rounds,
            launches=(rounds + rounds * drafted) / batch,
        ),
    )
