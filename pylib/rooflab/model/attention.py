"""Attention: arithmetic and traffic in prefill and decode, eager and fused.

Symbols: B sequences, S queries and c keys per sequence, H query heads, Hk KV heads, d head size,
G = H / Hk. Scores are counted once for every query, key and query head.
"""

from rooflab.values import Values

__all__ = [
    "EAGER_KERNELS",
    "EAGER_SCORE_PASSES",
    "causal_scores_count",
    "eager_kernels",
    "expanded_kv_bytes",
    "flash_traffic_bytes",
    "score_flop",
    "standard_traffic_bytes",
]

# Eager: repeat K, repeat V, QK^T, scale, mask, softmax, PV.
EAGER_KERNELS = 7
# QK^T writes the scores; scale, mask and softmax read and write them; PV reads them.
EAGER_SCORE_PASSES = 8


def causal_scores_count(query_tokens: Values, context_tokens: Values) -> Values:
    """Return the scores of one head that a causal mask keeps.

    The queries are the last of the context. One query sees every key; as many queries as keys
    see about half of the square.

    >>> causal_scores_count(1, 4096), causal_scores_count(4, 4)
    (4096.0, 10.0)
    """
    return query_tokens * (context_tokens - (query_tokens - 1) / 2)


def score_flop(*, scores_count: Values, head_dim: int) -> Values:
    """Return the flop of QK^T and PV for `scores_count` scores: 2 d for each product.

    Softmax, about 5 flop for a score and not on the matrix units, is not counted.
    """
    return 4 * head_dim * scores_count


def expanded_kv_bytes(
    *, kv_bytes: Values, unpacked_kv_bytes: Values, group_size: int
) -> Values:
    """Return the traffic of keys and values when they are repeated for every query head.

    The cache is read once, G copies are written, and G copies are read by the products: with
    G = 8 and no change of format, 17 times the necessary traffic.

    >>> expanded_kv_bytes(kv_bytes=1, unpacked_kv_bytes=1, group_size=8)
    17
    """
    return kv_bytes + 2 * group_size * unpacked_kv_bytes


def eager_kernels(
    *, kv_bytes: float, unpacked_kv_bytes: float, score_bytes: float, query_bytes: float, flop: float
) -> tuple[tuple[str, float, float], ...]:
    """Return name, flop and bytes of the kernels of eager attention, in order.

    `unpacked_kv_bytes` are keys and values after they were repeated for every query head.
    """
    half = unpacked_kv_bytes / 2
    copy = kv_bytes / 2 + half
    product = half + score_bytes + query_bytes
    return (
        ("Repeat keys", 0.0, copy),
        ("Repeat values", 0.0, copy),
        ("Scores QK^T", flop / 2, product),
        ("Scale", 0.0, 2 * score_bytes),
        ("Mask", 0.0, 2 * score_bytes),
        ("Softmax", 0.0, 2 * score_bytes),
        ("Weighted values PV", flop / 2, product),
    )


def standard_traffic_bytes(
    *,
    queries_count: Values,
    keys_count: Values,
    scores_count: Values,
    head_dim: Values,
    element_bytes: Values,
    score_passes: Values,
    query_passes: Values,
    key_passes: Values,
) -> Values:
    """Return the traffic of unfused attention: passes over the scores, over Q and O, over K and V.

    `queries_count` is batch x heads x queries, `keys_count` batch x heads x keys, `scores_count` one for each pair.
    """
    vectors = flash_traffic_bytes(
        queries_count=queries_count,
        keys_count=keys_count,
        head_dim=head_dim,
        element_bytes=element_bytes,
        query_passes=query_passes,
        key_passes=key_passes,
    )
    return element_bytes * score_passes * scores_count + vectors


def flash_traffic_bytes(
    *,
    queries_count: Values,
    keys_count: Values,
    head_dim: Values,
    element_bytes: Values,
    query_passes: Values,
    key_passes: Values,
) -> Values:
    """Return the traffic of fused attention: no scores, passes over Q and O, and over K and V.

    One query on 4096 keys of 64 elements, FP16: 2 x 64 x (2 x 1 + 2 x 4096) B, nearly all of it keys and values.

    >>> flash_traffic_bytes(queries_count=1, keys_count=4096, head_dim=64, element_bytes=2, query_passes=2, key_passes=2)
    1048832
    """
    return element_bytes * head_dim * (query_passes * queries_count + key_passes * keys_count)
