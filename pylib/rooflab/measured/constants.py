"""The constants of the predictions: few, physical, fitted on all rows together, counted or cited.

A fitted constant is chosen so that the errors of all rows are small; over its range their median
stays within two points of what it is, the others held. Nothing is fitted to a single row: what
fewer than four rows could decide is counted, cited or assumed.
"""

from dataclasses import dataclass

__all__ = ["BASES", "CONSTANTS", "Basis", "Constants"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Constants:
    """Shares of a peak, times and counts that no datasheet gives; BASES says where each comes from."""

    hbm_fraction: float = 0.85
    stream_fraction: float = 0.90
    matrix_fraction: float = 0.75
    narrow_matrix_fraction: float = 0.66
    vector_fraction: float = 0.85
    kernel_s: float = 6e-6
    dense_kernels_count: float = 10
    moe_kernels_count: float = 12
    one_shot_s: float = 5e-6
    ring_hop_s: float = 4e-6
    link_fraction: float = 0.77
    eager_layer_s: float = 190e-6
    early_fraction: float = 0.80
    unpack_flop: float = 2.26
    free_memory_fraction: float = 0.90
    most_sequences_count: float = 2048
    acceptance_concentration_count: float = 8.0
    cluster_fraction: float = 0.66
    sparse_fraction: float = 0.83
    ported_fraction: float = 0.63
    feature_fraction: float = 0.85
    system_j_per_int8_flop: float = 0.8e-12


@dataclass(frozen=True, slots=True, kw_only=True)
class Basis:
    """What a constant means, where it comes from, what it may be, and how many rows it moves.

    `rows` counts the graded rows whose prediction changes by more than 2% when the constant goes
    from one of its `ends` to the other.
    """

    name: str
    kind: str  # fitted, counted, cited or assumed
    ends: tuple[float, float]
    rows: int
    words: str


BASES: tuple[Basis, ...] = (
    Basis(
        name="hbm_fraction",
        kind="fitted",
        ends=(0.77, 0.89),
        rows=39,
        words="Share of the memory bandwidth that kernels reach.",
    ),
    Basis(
        name="stream_fraction",
        kind="fitted",
        ends=(0.85, 0.95),
        rows=6,
        words="The same for long streams: a bandwidth benchmark, and the cache that decode "
        "attention reads.",
    ),
    Basis(
        name="matrix_fraction",
        kind="fitted",
        ends=(0.71, 0.86),
        rows=10,
        words="Share of the matrix peak in 16 bits, traffic added.",
    ),
    Basis(
        name="narrow_matrix_fraction",
        kind="fitted",
        ends=(0.58, 0.74),
        rows=10,
        words="The same in 8 bits and fewer, where power and scaling take their part.",
    ),
    Basis(
        name="vector_fraction",
        kind="assumed",
        ends=(0.75, 0.95),
        rows=1,
        words="Share of the FP32 peak of vector units.",
    ),
    Basis(
        name="kernel_s",
        kind="fitted",
        ends=(5e-6, 7.2e-6),
        rows=26,
        words="Start, ramp-up and tail of one kernel, on large chips and small ones.",
    ),
    Basis(
        name="dense_kernels_count",
        kind="counted",
        ends=(9, 12),
        rows=15,
        words="Kernels of a decoder layer on one device, as in model.decoder; all-reduces apart.",
    ),
    Basis(
        name="moe_kernels_count",
        kind="counted",
        ends=(10, 14),
        rows=4,
        words="With a router and the gathering of tokens.",
    ),
    Basis(
        name="one_shot_s",
        kind="fitted",
        ends=(2e-6, 8e-6),
        rows=10,
        words="All-reduce of a small message where every chip reads all the others' at once.",
    ),
    Basis(
        name="ring_hop_s",
        kind="fitted",
        ends=(2e-6, 6e-6),
        rows=6,
        words="One of the 2 (n - 1) hops of an all-reduce around a ring.",
    ),
    Basis(
        name="link_fraction",
        kind="cited",
        ends=(0.6, 0.9),
        rows=4,
        words="Share of the link that large messages reach: NCCL's tests show some 230 of 300 GB/s "
        "on A100.",
    ),
    Basis(
        name="eager_layer_s",
        kind="fitted",
        ends=(170e-6, 220e-6),
        rows=7,
        words="A decoder layer whose kernels are started one by one from the host; one source.",
    ),
    Basis(
        name="early_fraction",
        kind="assumed",
        ends=(0.7, 0.9),
        rows=1,
        words="First releases of a kernel, relative to tuned ones.",
    ),
    Basis(
        name="unpack_flop",
        kind="fitted",
        ends=(1.2, 2.9),
        rows=4,
        words="Unpacking one weight that is stored narrower than it is multiplied, at the vector "
        "peak: about one multiply-add.",
    ),
    Basis(
        name="free_memory_fraction",
        kind="cited",
        ends=(0.85, 0.95),
        rows=5,
        words="Share of the memory left beside the weights that the cache gets: TensorRT-LLM's "
        "default.",
    ),
    Basis(
        name="most_sequences_count",
        kind="cited",
        ends=(1024, 4096),
        rows=0,
        words="Sequences in flight that a scheduler takes at most: TensorRT-LLM's default.",
    ),
    Basis(
        name="acceptance_concentration_count",
        kind="fitted",
        ends=(4.0, 16.0),
        rows=6,
        words="How much acceptance varies between contexts: a + b of a Beta distribution; one "
        "source.",
    ),
    Basis(
        name="cluster_fraction",
        kind="cited",
        ends=(0.55, 0.8),
        rows=0,
        words="Training over many nodes, relative to one: from PaLM's 46.2% MFU on 6144 chips "
        "(arXiv:2204.02311).",
    ),
    Basis(
        name="sparse_fraction",
        kind="assumed",
        ends=(0.75, 0.9),
        rows=0,
        words="A 2:4 sparse product, relative to twice the dense rate; 1.6 to 1.7 of the dense "
        "time are published (arXiv:2104.08378).",
    ),
    Basis(
        name="ported_fraction",
        kind="cited",
        ends=(0.5, 0.7),
        rows=0,
        words="Rate of Ampere's synchronous products on Hopper, relative to its own: Luo et al. "
        "2024 (arXiv:2402.13499).",
    ),
    Basis(
        name="feature_fraction",
        kind="assumed",
        ends=(0.8, 0.9),
        rows=0,
        words="An attention kernel's rate with one of its published features left out.",
    ),
    Basis(
        name="system_j_per_int8_flop",
        kind="cited",
        ends=(0.7e-12, 1.0e-12),
        rows=0,
        words="A module's energy for an INT8 operation under full load: AGX Orin in MLPerf v3.1.",
    ),
)

CONSTANTS = Constants()
