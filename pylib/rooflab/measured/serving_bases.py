"""What the constants of serving rest on: their kind, their range, and how many rows each moves."""

from rooflab.measured.basis import Basis

__all__ = ["SERVING_BASES"]

SERVING_BASES: tuple[Basis, ...] = (
    Basis(
        name="hbm_fraction",
        kind="fitted",
        ends=(0.82, 0.88),
        rows=39,
        words="Share of the memory bandwidth that weights and activations reach, which come kernel by kernel.",
    ),
    Basis(
        name="kv_fraction",
        kind="fitted",
        ends=(0.84, 0.97),
        rows=28,
        words="The same for the cache that decode attention reads, one long stream.",
    ),
    Basis(
        name="gemm_fraction",
        kind="fitted",
        ends=(0.60, 0.73),
        rows=23,
        words="Share of the matrix peak that products reach in 16 bits.",
    ),
    Basis(
        name="narrow_gemm_fraction",
        kind="fitted",
        ends=(0.60, 0.71),
        rows=23,
        words="The same in 8 bits.",
    ),
    Basis(
        name="four_bit_gemm_fraction",
        kind="fitted",
        ends=(0.34, 0.48),
        rows=5,
        words="The same in 4 bits, where scales of small groups and power take their part.",
    ),
    Basis(
        name="grouped_gemm_fraction",
        kind="fitted",
        ends=(0.40, 0.60),
        rows=9,
        words="What is left of that where tokens are grouped by expert: small slices, permutation, uneven experts.",
    ),
    Basis(
        name="attention_fraction",
        kind="assumed",
        ends=(0.50, 0.73),
        rows=4,
        words="Share of the 16-bit peak that attention of prompts reaches.",
    ),
    Basis(
        name="link_fraction",
        kind="cited",
        ends=(0.60, 0.90),
        rows=15,
        words="Share of the link that large messages reach: NCCL's tests show some 230 of 300 GB/s on A100.",
    ),
    Basis(
        name="kernel_ramp_s",
        kind="fitted",
        ends=(5.0e-6, 6.4e-6),
        rows=35,
        words="Start, ramp-up and tail of one kernel.",
    ),
    Basis(
        name="stream_gap_s",
        kind="cited",
        ends=(0.5e-6, 2e-6),
        rows=0,
        words="Gap between two kernels that the host launched one by one, ahead of time.",
    ),
    Basis(
        name="graph_gap_s",
        kind="assumed",
        ends=(0.2e-6, 1e-6),
        rows=23,
        words="Gap between two kernels of a graph.",
    ),
    Basis(
        name="graph_launch_s",
        kind="assumed",
        ends=(5e-6, 20e-6),
        rows=0,
        words="Launch of a whole step as one graph.",
    ),
    Basis(
        name="host_launch_s",
        kind="assumed",
        ends=(5e-6, 20e-6),
        rows=0,
        words="Launch of one operator from the host of an eager framework.",
    ),
    Basis(
        name="all_reduce_s",
        kind="fitted",
        ends=(2e-6, 7e-6),
        rows=10,
        words="All-reduce of a small message where every chip reads all the others' at once.",
    ),
    Basis(
        name="ring_hop_s",
        kind="fitted",
        ends=(4e-6, 7e-6),
        rows=17,
        words="One of the 2 (n - 1) hops of an all-reduce around a ring.",
    ),
    Basis(
        name="unpack_flop",
        kind="fitted",
        ends=(1.0, 2.6),
        rows=11,
        words="Unpacking one weight that is stored narrower than it is multiplied: about one multiply-add.",
    ),
    Basis(
        name="reserve_fraction",
        kind="fitted",
        ends=(0.07, 0.11),
        rows=10,
        words="Share of a chip's memory that context, workspaces, activations and buffers of the runtime keep.",
    ),
    Basis(
        name="free_fraction",
        kind="cited",
        ends=(0.85, 0.95),
        rows=15,
        words="Share of the memory left beside weights and reserve that the cache gets: TensorRT-LLM's default.",
    ),
)
