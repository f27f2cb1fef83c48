"""The constants of the predictions: few, physical, fitted on all rows together or cited.

A fitted constant is chosen so that the median error of all rows that depend on it is small; the
range beside it is the one over which that median stays within two points of the best, with the
other constants held. Nothing is fitted to a single row: what rests on fewer than three rows is
called assumed.
"""

from dataclasses import dataclass

__all__ = ["CONSTANTS", "Constants"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Constants:
    """Shares of a peak, times and counts that no datasheet gives."""

    # Share of the HBM bandwidth that kernels reach. 40 rows, 0.77 to 0.89.
    hbm_fraction: float = 0.85
    # The same for long streams: a bandwidth benchmark, and the cache that decode attention
    # reads. 0.85 to 0.95.
    stream_fraction: float = 0.90
    # Share of the matrix peak in 16 bits, traffic added. 12 rows, 0.71 to 0.86.
    matrix_fraction: float = 0.75
    # The same in 8 bits, where power and scaling take their part. 7 rows, 0.63 to 0.76.
    fp8_matrix_fraction: float = 0.66
    # Start, ramp-up and tail of one kernel of a captured graph. 23 rows, 5.4 to 7.2 us.
    kernel_s: float = 6e-6
    # Kernels of a layer on one device: counted in model.decoder, two all-reduces apart.
    dense_kernels_count: float = 10
    # With a router and the gathering of tokens. 4 rows, 10 to 14.
    moe_kernels_count: float = 12
    # All-reduce of a small message over NVLink. 7 rows, 2 to 6 us.
    all_reduce_s: float = 5e-6
    # A layer whose kernels are started one by one from the host. 7 rows, 170 to 200 us.
    eager_layer_s: float = 190e-6
    # First releases of a kernel, relative to tuned ones. Assumed.
    early_fraction: float = 0.80
    # Unpacking one weight that is stored narrower than it is multiplied, at the vector peak:
    # about one multiply-add. 4 rows, 1.2 to 2.9.
    unpack_flop: float = 2.26
    # Share of the nominal memory that weights and cache can fill. 6 rows, 0.90 to 0.99.
    usable_memory_fraction: float = 0.95
    # How much acceptance varies between contexts: a + b of a Beta distribution. 6 rows, 4 to 16.
    acceptance_concentration_count: float = 8.0
    # Training over many nodes, relative to one. From PaLM's 46.2% MFU on 6144 chips.
    cluster_fraction: float = 0.66
    # A 2:4 sparse product, relative to twice the dense rate. Assumed; 1.6 to 1.7 are published.
    sparse_fraction: float = 0.83


CONSTANTS = Constants()
