"""How the weights of a cell are laid out in memory: rows, vectors, lines and their padding."""

from dataclasses import dataclass
from math import ceil

from rooflab.model.sparsity import bitmap_element_bytes
from rooflab.specs import HOP_FORMATS
from rooflab.systems.earbud.design import EarbudDesign
from rooflab.systems.earbud.scenario import EarbudScenario

__all__ = ["MatrixLayout", "MatrixRows", "matrix_layout"]

_BLOCK = 16  # weights that a sparse block keeps or drops together


@dataclass(frozen=True, slots=True, kw_only=True)
class MatrixRows:
    """Rows of one stored matrix, all alike: `parts_bytes` are words and bytes, then the padding of vector and line.

    `vector_bytes` is the width of a vector in stored bytes, `line_bytes` that of a line; 1 line byte
    stands for memory without a cache, and as many vector bytes as an element for a scalar kernel.
    """

    name: str
    rows: int
    length: int
    parts_bytes: tuple[tuple[str, float], ...]
    vector_fill_bytes: float
    line_fill_bytes: float
    vectors: int
    vector_bytes: float
    lines: int
    line_bytes: int

    @property
    def useful_bytes(self) -> float:
        """Bytes of weights in a row."""
        return sum(bytes_ for _, bytes_ in self.parts_bytes)

    @property
    def stored_bytes(self) -> float:
        """Bytes that a row takes."""
        return self.useful_bytes + self.vector_fill_bytes + self.line_fill_bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class MatrixLayout:
    """The matrix of a cell as one design stores it; one matrix if both products are one kernel."""

    matrices: tuple[MatrixRows, ...]
    memory: str
    cached: bool
    lanes: int

    @property
    def useful_fraction(self) -> float:
        """Share of the stored bytes that are weights."""
        return self._sum("useful_bytes") / self._sum("stored_bytes")

    @property
    def wasted_bytes(self) -> float:
        """Bytes of all rows that fill up vectors and lines."""
        return sum(each.rows * (each.stored_bytes - each.useful_bytes) for each in self.matrices)

    def _sum(self, name: str) -> float:
        return sum(each.rows * getattr(each, name) for each in self.matrices)


def matrix_layout(scenario: EarbudScenario, design: EarbudDesign) -> MatrixLayout:
    """Return how the rows of one design are laid out in memory, each aligned to a line and a vector."""
    chip = scenario.chip(design.chip_id)
    memory = chip.memory(design.placement)
    lanes = chip.kernels[design.weights, design.kernel].lanes
    inputs, hidden = ("inputs", scenario.network.inputs), ("states", int(design.hidden))
    if design.fusion[0] == "1":
        products = (("[inputs; states]", (inputs, hidden)),)
    else:
        products = (("inputs", (inputs,)), ("states", (hidden,)))
    each_bytes = _element_bytes(scenario, design)
    return MatrixLayout(
        matrices=tuple(
            _rows(name, 4 * int(design.hidden), parts, each_bytes, lanes, memory.line_bytes) for name, parts in products
        ),
        memory=memory.name,
        cached=memory.line_bytes > 1,
        lanes=lanes,
    )


def _rows(
    name: str, rows: int, parts: tuple[tuple[str, int], ...], each_bytes: float, lanes: int, line_bytes: int
) -> MatrixRows:
    length = sum(count for _, count in parts)
    vectors = ceil(length / lanes)
    filled = vectors * lanes * each_bytes
    lines = ceil(filled / line_bytes)
    return MatrixRows(
        name=name,
        rows=rows,
        length=length,
        parts_bytes=tuple((words, count * each_bytes) for words, count in parts),
        vector_fill_bytes=filled - length * each_bytes,
        line_fill_bytes=lines * line_bytes - filled,
        vectors=vectors,
        vector_bytes=lanes * each_bytes,
        lines=lines,
        line_bytes=line_bytes,
    )


def _element_bytes(scenario: EarbudScenario, design: EarbudDesign) -> float:
    """Return the stored bytes of one place of the matrix, with what a sparse pattern keeps and indexes."""
    width = HOP_FORMATS[design.weights]
    kept = scenario.algorithms.kept_fraction[design.sparsity]
    if design.sparsity == "scattered":
        return float(bitmap_element_bytes(density_fraction=kept, value_bytes=width))
    return kept * (width + 1 / _BLOCK) if design.sparsity == "blocks" else width
