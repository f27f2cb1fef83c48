"""Operator fusion: what a partition of steps into kernels reads, writes and launches.

Fusing never changes the arithmetic. A kernel reads each tensor from outside once, and writes only
what another kernel needs.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise, product

from rooflab.errors import ModelError
from rooflab.model.cost import Cost
from rooflab.values import Values

__all__ = [
    "Block",
    "LEVELS",
    "Step",
    "attention_block",
    "contiguous_groupings",
    "conv_bn_relu_block",
    "fused_costs",
    "level_grouping",
    "linear_relu_block",
    "swiglu_block",
]

LEVELS = ("none", "partial", "full")
BLOCK_INPUT = -1
_ATTENTION_LEVELS = {
    "none": tuple(range(12)),
    "partial": (0, 0, 0, 1, 1, 2, 2, 2, 3, 4, 5, 6),
    "full": (0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 2, 2),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One operator of a block.

    `reads` are the steps whose outputs it takes; BLOCK_INPUT is the input of the block. `kept`
    says that its output is needed after the block.
    """

    name: str
    flop: Values
    output_bytes: Values
    reads: tuple[int, ...]
    weight_bytes: Values = 0.0
    kept: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """Steps in an order in which they can run, and their groupings by level."""

    name: str
    input_bytes: Values
    steps: tuple[Step, ...]
    levels: dict[str, tuple[int, ...]]

    def __post_init__(self) -> None:
        """Refuse a step that reads what comes after it."""
        for place, step in enumerate(self.steps):
            if any(not BLOCK_INPUT <= each < place for each in step.reads):
                raise ModelError(f"{self.name}: {step.name} reads a step that is not before it.")


def fused_costs(block: Block, grouping: Sequence[int]) -> tuple[Cost, ...]:
    """Return the cost of each kernel when step k belongs to kernel `grouping[k]`.

    Kernels are numbered from 0 in the order in which they run; the last step of a block and
    those that are kept are written in any case.

    Raises:
        ModelError: the grouping has another length, or a kernel would need a later one.
    """
    steps = block.steps
    _check_grouping(block, grouping)
    last = len(steps) - 1
    costs = []
    for kernel in range(max(grouping) + 1):
        inside = [place for place, each in enumerate(grouping) if each == kernel]
        outside = {
            source
            for place in inside
            for source in steps[place].reads
            if source == BLOCK_INPUT or grouping[source] != kernel
        }
        written = [
            place
            for place in inside
            if place == last
            or steps[place].kept
            or any(
                place in steps[later].reads and grouping[later] != kernel
                for later in range(place + 1, len(steps))
            )
        ]
        read_bytes = sum(
            block.input_bytes if source == BLOCK_INPUT else steps[source].output_bytes
            for source in sorted(outside)
        )
        costs.append(
            Cost(
                flop=sum(steps[place].flop for place in inside),
                weight_bytes=sum(steps[place].weight_bytes for place in inside),
                activation_bytes=read_bytes + sum(steps[place].output_bytes for place in written),
                launches=1,
            )
        )
    return tuple(costs)


def level_grouping(block: Block, level: str) -> tuple[int, ...]:
    """Return the grouping of a level: none, partial or full."""
    if level not in block.levels:
        raise ModelError(f"{block.name} has no level {level!r}; it has {', '.join(block.levels)}.")
    return block.levels[level]


def contiguous_groupings(count: int) -> Iterator[tuple[int, ...]]:
    """Yield all 2^(count - 1) ways to fuse neighbours in a chain.

    >>> list(contiguous_groupings(2))
    [(0, 0), (0, 1)]
    """
    for cuts in product((0, 1), repeat=count - 1):
        grouping = [0]
        for cut in cuts:
            grouping.append(grouping[-1] + cut)
        yield tuple(grouping)


def linear_relu_block(
    *, tokens: Values, inputs: int, outputs: int, element_bytes: float
) -> Block:
    """Return Linear + ReLU: fusing saves one write and one read of the output."""
    out = tokens * outputs * element_bytes
    return Block(
        name="Linear and ReLU",
        input_bytes=tokens * inputs * element_bytes,
        steps=(
            Step(
                name="Linear",
                flop=2 * tokens * inputs * outputs,
                weight_bytes=inputs * outputs * element_bytes,
                output_bytes=out,
                reads=(BLOCK_INPUT,),
            ),
            Step(name="ReLU", flop=tokens * outputs, output_bytes=out, reads=(0,)),
        ),
        levels={"none": (0, 1), "partial": (0, 0), "full": (0, 0)},
    )


def conv_bn_relu_block(
    *,
    input_elements: Values,
    output_elements: Values,
    weights: int,
    macs_per_output: int,
    channels: int,
    element_bytes: float,
) -> Block:
    """Return convolution, batch norm and ReLU; partly fused, the norm runs in the convolution."""
    out = output_elements * element_bytes
    return Block(
        name="Convolution, norm and ReLU",
        input_bytes=input_elements * element_bytes,
        steps=(
            Step(
                name="Convolution",
                flop=2 * macs_per_output * output_elements,
                weight_bytes=weights * element_bytes,
                output_bytes=out,
                reads=(BLOCK_INPUT,),
            ),
            Step(
                name="Batch norm",
                flop=2 * output_elements,
                weight_bytes=2 * channels * element_bytes,
                output_bytes=out,
                reads=(0,),
            ),
            Step(name="ReLU", flop=output_elements, output_bytes=out, reads=(1,)),
        ),
        levels={"none": (0, 1, 2), "partial": (0, 0, 1), "full": (0, 0, 0)},
    )


def swiglu_block(*, tokens: Values, hidden: int, ffn: int, element_bytes: float) -> Block:
    """Return residual, norm and the gated MLP, from the output of attention to that of the MLP.

    The block's input stands for both the attention's output and the residual stream, so it is
    twice a row of the stream.
    """
    stream = tokens * hidden * element_bytes
    wide = tokens * ffn * element_bytes
    product_flop = 2 * tokens * hidden * ffn
    weights = hidden * ffn * element_bytes
    return Block(
        name="Gated MLP",
        input_bytes=2 * stream,
        steps=(
            Step(
                name="Residual",
                flop=tokens * hidden,
                output_bytes=stream,
                reads=(BLOCK_INPUT,),
                kept=True,
            ),
            Step(name="Norm", flop=4 * tokens * hidden, output_bytes=stream, reads=(0,)),
            Step(
                name="Gate",
                flop=product_flop,
                weight_bytes=weights,
                output_bytes=wide,
                reads=(1,),
            ),
            Step(name="SiLU", flop=4 * tokens * ffn, output_bytes=wide, reads=(2,)),
            Step(
                name="Up",
                flop=product_flop,
                weight_bytes=weights,
                output_bytes=wide,
                reads=(1,),
            ),
            Step(name="Product", flop=tokens * ffn, output_bytes=wide, reads=(3, 4)),
            Step(
                name="Down",
                flop=product_flop,
                weight_bytes=weights,
                output_bytes=stream,
                reads=(5,),
            ),
        ),
        levels={
            "none": (0, 1, 2, 3, 4, 5, 6),
            "partial": (0, 0, 1, 2, 1, 2, 3),
            "full": (0, 0, 1, 1, 1, 1, 2),
        },
    )


def attention_block(
    *,
    sequences: Values,
    tokens_each: Values,
    hidden: int,
    heads: int,
    kv_heads: int,
    head_dim: int,
    element_bytes: float,
) -> Block:
    """Return the attention of one layer in prefill, from the normed stream to the residual sum.

    Scores are counted in full, as unfused kernels compute them.
    """
    tokens = sequences * tokens_each
    e = element_bytes
    stream, query = tokens * hidden * e, tokens * heads * head_dim * e
    key = tokens * kv_heads * head_dim * e
    scores_count = sequences * heads * tokens_each * tokens_each
    scores = scores_count * e
    width, narrow = heads * head_dim, kv_heads * head_dim

    def projection(name: str, inputs: int, outputs: int, out: Values, reads: tuple[int, ...]) -> Step:
        return Step(
            name=name,
            flop=2 * tokens * inputs * outputs,
            weight_bytes=inputs * outputs * e,
            output_bytes=out,
            reads=reads,
        )

    def pointwise(name: str, source: int) -> Step:
        return Step(name=name, flop=scores_count, output_bytes=scores, reads=(source,))

    half = 2 * head_dim * scores_count
    return Block(
        name="Attention",
        input_bytes=stream,
        steps=(
            projection("Q projection", hidden, width, query, (BLOCK_INPUT,)),
            projection("K projection", hidden, narrow, key, (BLOCK_INPUT,)),
            projection("V projection", hidden, narrow, key, (BLOCK_INPUT,)),
            Step(name="RoPE of Q", flop=3 * tokens * width, output_bytes=query, reads=(0,)),
            Step(name="RoPE of K", flop=3 * tokens * narrow, output_bytes=key, reads=(1,)),
            Step(name="QK^T", flop=half, output_bytes=scores, reads=(3, 4)),
            pointwise("Scale", 5),
            pointwise("Mask", 6),
            Step(name="Softmax", flop=5 * scores_count, output_bytes=scores, reads=(7,)),
            Step(name="PV", flop=half, output_bytes=query, reads=(8, 2)),
            projection("Output projection", width, hidden, stream, (9,)),
            Step(
                name="Residual",
                flop=tokens * hidden,
                output_bytes=stream,
                reads=(10, BLOCK_INPUT),
            ),
        ),
        levels=_ATTENTION_LEVELS,
    )


def _check_grouping(block: Block, grouping: Sequence[int]) -> None:
    count = len(block.steps)
    if len(grouping) != count:
        raise ModelError(f"{block.name} has {count} steps; the grouping has {len(grouping)}.")
    used = sorted(set(grouping))
    if used[0] != 0 or any(later - earlier != 1 for earlier, later in pairwise(used)):
        raise ModelError(f"Kernels are numbered from 0 without gaps; got {tuple(grouping)}.")
    for place, step in enumerate(block.steps):
        for source in step.reads:
            if source != BLOCK_INPUT and grouping[source] > grouping[place]:
                raise ModelError(
                    f"{block.name}: {step.name} would run before {block.steps[source].name}, "
                    "whose output it reads."
                )
