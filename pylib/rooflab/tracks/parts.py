"""The three parts that every track has, and the question whose words all tracks share in each."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from rooflab.specs import Choice, Gauge, Part, Question, Scenario
from rooflab.tracks.experiments import ACCEPTANCE, ROOFS

__all__ = ["BUS", "SHARED", "STANCES", "fusion_question", "part_one", "part_three", "part_two", "slope_question", "speculation_question"]

Explain = Callable[[Scenario, str], str]

SHARED = frozenset({"slope", "linear-relu", "draft"})
"""Ids of the questions that every track asks word for word: the first answer counts, whichever track it was given in."""

BUS = Gauge(
    id="bus",
    name="Bus busy",
    quantity="bus_busy_fraction",
    help="All bytes carried, needed or not, of what the bus can carry in the step",
    full=1.0,
)
"""Beside MBU, which counts only the bytes that are needed."""

STANCES = {
    1: {
        "memory": "BWₘₑₘ: memory bandwidth binds",
        "compute": "Rₚₑₐₖ: arithmetic binds",
        "latency": "Lₗₐₜ: launches, gaps and waiting bind",
    },
    2: {},
    3: {
        "machine": "The machine: same mathematics, run better",
        "algorithm": "The algorithm: other mathematics",
        "both": "Both: neither alone meets every target",
    },
}
"""What a reflection may claim in each part, by the id that the ledger keeps."""

_DIAGNOSTIC = Part(
    number=1,
    title="The diagnostic challenge",
    objective="Diagnose a failing system with the roofline and the iron law.",
    what_ifs=ROOFS,
)
_FUSION = Part(
    number=2,
    title="The fusion gain",
    objective="Find what fusing operators gains, and what it costs.",
)
_ALGORITHM = Part(
    number=3,
    title="Algorithmic innovation",
    objective="Find whether another algorithm pays.",
    reflection="Defend the final performance strategy: did you optimise the machine or the algorithm? How was the systems gap bridged?",
    what_ifs=(ACCEPTANCE,),
)


def part_one(**content: Any) -> Part:
    """Return part 1 with the content of a track."""
    return replace(_DIAGNOSTIC, **content)


def part_two(**content: Any) -> Part:
    """Return part 2 with the content of a track; without content it has a title only."""
    return replace(_FUSION, **content)


def part_three(**content: Any) -> Part:
    """Return part 3 with the content of a track; without content it has a title only."""
    return replace(_ALGORITHM, **content)


def slope_question(explain: Explain) -> Question:
    """Return the question of part 1 that every track asks; its physics is fixed."""
    return Question(
        id="slope",
        text="If a layer sits on the sloped section of the roofline, will adding more TFLOPS speed it up?",
        choices=(
            Choice(id="proportional", text="Yes, in proportion to the TFLOPS added"),
            Choice(id="partly", text="Yes, but by less than the TFLOPS added"),
            Choice(id="no", text="No, its time stays the same"),
        ),
        answer=lambda scenario: "no",
        explain=explain,
    )


def fusion_question(explain: Explain) -> Question:
    """Return the question of part 2 that every track asks; its physics is fixed."""
    return Question(
        id="linear-relu",
        text="Does fusing Linear + ReLU reduce the total number of operations (O) or the total data moved (D_vol)?",
        choices=(
            Choice(id="operations", text="O: fewer operations are done"),
            Choice(id="data", text="Dᵥₒₗ: fewer bytes are moved"),
            Choice(id="both", text="Both"),
        ),
        answer=lambda scenario: "data",
        explain=explain,
    )


def speculation_question(explain: Explain) -> Question:
    """Return the question of part 3 that every track asks; its physics is fixed."""
    return Question(
        id="draft",
        text="If a tiny draft model predicts tokens, does the total FLOPs per final token increase or decrease?",
        choices=(
            Choice(id="increase", text="It increases"),
            Choice(id="same", text="It stays the same"),
            Choice(id="decrease", text="It decreases"),
        ),
        answer=lambda scenario: "increase",
        explain=explain,
    )
