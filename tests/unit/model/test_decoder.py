"""Llama-3-70B on eight devices, counted by hand."""

import pytest

from ridgepoint.facts.workloads import LLAMA_3_70B, MIXTRAL_8X22B
from ridgepoint.model.decoder import OPERATORS, decoder_costs

AT = {each.id: at for at, each in enumerate(OPERATORS)}
B, C, N, L = 16, 4096, 8, 80


def stack(**changes):
    values = {
        "device_count": N,
        "batch": B,
        "query_tokens": 1,
        "context_tokens": C,
        "decoding": 1.0,
        "eager": 0.0,
        "weight_element_bytes": 2.0,
        "kv_element_bytes": 2.0,
    }
    return decoder_costs(LLAMA_3_70B, **(values | changes))


def prefill(**changes):
    return stack(query_tokens=C, decoding=0.0, **changes)


@pytest.mark.parametrize(
    ("operator", "weights"),
    [
        ("qkv", 8192 * (64 + 2 * 8) * 128),
        ("o_proj", 64 * 128 * 8192),
        ("gate_up", 8192 * 2 * 28672),
        ("down", 28672 * 8192),
    ],
)
def test_a_projection_reads_its_share_of_the_weights_once(operator, weights):
    costs = stack().executed
    at = AT[operator]

    assert costs.weight_bytes[at] == 2 * L * weights / N
    assert costs.flop[at] == 2 * B * L * weights / N
    assert costs.launches[at] == L


def test_activations_of_the_projections():
    costs = stack().executed
    row = 8192 * 2  # one token of the residual stream

    # the stream in; an eighth of the heads out
    assert costs.activation_bytes[AT["qkv"]] == L * B * (row + (64 + 16) * 128 * 2 / N)
    assert costs.activation_bytes[AT["o_proj"]] == L * B * (64 * 128 * 2 / N + row)
    assert costs.activation_bytes[AT["gate_up"]] == L * B * (row + 2 * 28672 * 2 / N)
    assert costs.activation_bytes[AT["down"]] == L * B * (28672 * 2 / N + row)


def test_the_lm_head_runs_once_for_one_token_of_each_sequence():
    for costs in (stack().executed, prefill().executed):
        assert costs.flop[AT["lm_head"]] == 2 * B * 8192 * 128256 / N
        assert costs.weight_bytes[AT["lm_head"]] == 2 * 8192 * 128256 / N


def test_norms_and_pointwise_operators():
    costs = stack().executed

    # input and residual read, sum and norm written; on every device
    assert costs.activation_bytes[AT["attn_norm"]] == L * B * 4 * 8192 * 2
    assert costs.activation_bytes[AT["mlp_norm"]] == L * B * 4 * 8192 * 2
    # gate and up read, product written
    assert costs.activation_bytes[AT["silu_mul"]] == L * B * 3 * 28672 * 2 / N
    # queries and keys read, queries written, values read
    assert costs.activation_bytes[AT["rope"]] == L * B * (2 * 64 + 2 * 8) * 128 * 2 / N
    # a key and a value of each KV head go to the cache
    assert costs.kv_bytes[AT["rope"]] == L * B * 2 * 8 * 128 * 2 / N
    # a row of the table read and written
    assert costs.activation_bytes[AT["embed"]] == B * 2 * 8192 * 2


def test_fused_decode_reads_the_cache_once():
    costs = stack().executed
    at = AT["attention"]

    assert costs.kv_bytes[at] == B * C * 327_680 / N
    assert costs.activation_bytes[at] == L * B * 2 * 64 * 128 * 2 / N  # queries in, outputs out
    assert costs.flop[at] == L * B * 4 * 64 * 128 * C / N
    assert costs.launches[at] == 2 * L  # split over the keys, then combined


def test_eager_decode_repeats_the_cache():
    costs = stack(eager=1.0).executed
    at = AT["attention"]

    assert costs.kv_bytes[at] == 17 * B * C * 327_680 / N
    scores = B * 64 * C * 2 / N
    assert costs.activation_bytes[at] == L * (B * 2 * 64 * 128 * 2 / N + 8 * scores)
    assert costs.flop[at] == L * B * 4 * 64 * 128 * C / N  # fusing does not change O
    assert costs.launches[at] == 7 * L


def test_fused_prefill_does_half_of_the_square():
    eager, fused = prefill(eager=1.0), prefill()
    at = AT["attention"]

    assert eager.executed.flop[at] == L * B * 4 * 64 * 128 * C * C / N
    assert fused.executed.flop[at] == L * B * 4 * 64 * 128 * (C * (C + 1) / 2) / N
    assert eager.necessary_flop == fused.necessary_flop


def test_prefill_writes_the_cache_that_decode_reads():
    assert prefill().executed.kv_bytes[AT["rope"]] == B * C * 327_680 / N
    assert prefill().necessary_kv_bytes == stack().necessary_kv_bytes == B * C * 327_680 / N


def test_an_8_bit_cache_halves_the_read_but_not_the_copies():
    at = AT["attention"]
    wide, narrow = stack(), stack(kv_element_bytes=1.0)
    eager = stack(kv_element_bytes=1.0, eager=1.0)

    assert narrow.executed.kv_bytes[at] == wide.executed.kv_bytes[at] / 2
    assert eager.executed.kv_bytes[at] == wide.executed.kv_bytes[at] * (0.5 + 16)


def test_weights_add_up_to_the_model():
    read = stack().executed.weight_bytes.sum() * N
    table = 2 * 8192 * 128256  # the input table is not streamed
    norms = 2 * (80 * 2 * 8192 + 8192)  # not counted

    assert read == 2 * LLAMA_3_70B.params_count - table - norms


def test_an_all_reduce_sends_the_stream_around_the_ring():
    assert stack().executed.link_bytes[AT["mlp_reduce"]] == L * B * 8192 * 2 * 2 * 7 / 8


def test_one_token_of_prefill_is_one_of_decode():
    one = stack(context_tokens=1, decoding=0.0).executed
    other = stack(context_tokens=1).executed

    assert one.flop.tolist() == other.flop.tolist()
    assert one.hbm_bytes.tolist() == other.hbm_bytes.tolist()


def mixture(batch):
    return decoder_costs(
        MIXTRAL_8X22B,
        device_count=N,
        batch=batch,
        query_tokens=1,
        context_tokens=1024,
        decoding=1.0,
        eager=0.0,
        weight_element_bytes=2.0,
        kv_element_bytes=2.0,
    )


def test_one_token_meets_two_experts_and_reads_two():
    one = mixture(1).executed

    assert one.weight_bytes[AT["gate_up"]] == pytest.approx(2 * 2 * 56 * 6144 * 2 * 16384 / N)
    assert one.flop[AT["gate_up"]] == 2 * 2 * 56 * 6144 * 2 * 16384 / N


def test_sixteen_tokens_read_nearly_all_experts():
    one, many = mixture(1).executed, mixture(16).executed
    down = AT["down"]

    assert many.weight_bytes[down] / one.weight_bytes[down] == pytest.approx(4 * 0.99, rel=0.001)
    assert many.flop[down] == 16 * one.flop[down]  # a token's arithmetic does not change
