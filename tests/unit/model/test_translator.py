"""The translator: parameters by hand, what a phrase reads, and what drafts and experts change."""

from dataclasses import replace

import pytest

from rooflab.facts.glasses import STREET_SCENE
from rooflab.facts.networks_mobile import TINY_TRANSLATOR as NET
from rooflab.model.translator import phrase_costs

PLAIN = {"batch": 1, "drafted": 0, "experts": 1, "size_fraction": 1.0}
DECODER = 2 * (8 * 256**2 + 2 * 256 * 1536)
VOCABULARY = 32000 * 256


def costs(scene=STREET_SCENE, **changes):
    return phrase_costs(NET, scene, **(PLAIN | changes))


def test_the_translator_has_seventeen_million_parameters():
    encoder = 6 * (4 * 256**2 + 2 * 256 * 1536)

    assert NET.params_count == encoder + DECODER + VOCABULARY == 17_104_896


def test_a_phrase_of_sixteen_tokens_reads_the_decoder_sixteen_times():
    encoder, decoder, vocabulary = costs()

    assert decoder.weights_count == 16 * DECODER
    assert vocabulary.weights_count == 16 * VOCABULARY
    assert encoder.weights_count == NET.encoder_params_count  # all tokens at once
    assert decoder.flop == 2 * 16 * DECODER


def test_a_batch_of_phrases_shares_the_weights():
    assert costs(batch=4)[1].weights_count == 16 * DECODER / 4
    assert costs(batch=4)[1].flop == costs()[1].flop


def test_drafts_read_less_and_compute_more():
    sure = replace(STREET_SCENE, token_acceptance_fraction=1.0)
    decoder = costs(sure, drafted=3)[1]

    # Four rounds of four tokens: each verifies four, drafts three at a tenth of the work.
    assert decoder.flop == pytest.approx(2 * DECODER * (16 + 12 * 0.1))
    assert decoder.weights_count == pytest.approx(DECODER * (4 + 12 * 0.1))
    assert decoder.needed_flop == 2 * DECODER * 16


def test_rejected_drafts_raise_the_operations_for_each_token():
    flop = [costs(drafted=each)[1].flop for each in (0, 2, 4, 8)]

    assert flop == sorted(flop)


def test_a_phrase_reads_one_expert_and_a_batch_nearly_its_own_each():
    one = costs(experts=4, size_fraction=0.5)[1]
    four = costs(experts=4, size_fraction=0.5, batch=4)[1]

    assert one.weights_count == 16 * DECODER * 0.5
    distinct = 4 * (1 - (1 - 1 / 4) ** 4)  # 2.73 of four experts in four phrases
    assert four.weights_count == pytest.approx(16 * DECODER * 0.5 * distinct / 4)
