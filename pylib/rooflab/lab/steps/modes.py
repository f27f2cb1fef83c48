"""The three lengths of the lab: which steps each part has, the time each step is given, and what its reflection asks for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from rooflab.errors import LedgerError

__all__ = ["DEFAULT_MODE", "LABELS", "MODES", "Mode", "Step", "mode", "steps"]

DEFAULT_MODE = "default"
LABELS: Mapping[str, str] = {
    "brief": "Brief",
    "predict": "Predict",
    "explore": "Explore",
    "reveal": "Reveal",
    "diagnose": "Diagnose",
    "attempt": "Attempt",
    "propose": "Propose",
    "challenge": "Challenge",
    "verify": "Verify",
    "reflect": "Reflect",
}
_MINUTE_S = 60.0
_ARGUED = ("claim", "tradeoff", "residual_risk")
_DEFENDED = ("claim", "tradeoff", "rejected_alternative", "residual_risk", "reevaluation_trigger")


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step of a part, and the time it is given."""

    id: str
    label: str
    time_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Mode:
    """A length of the lab; `parts` holds the steps of parts 1, 2 and 3 in order, each of which offers its first so many experiments.

    `fields` names what the reflection on each part asks for in words, in the order asked.
    """

    id: str
    name: str
    words: str
    experiments_count: int
    parts: tuple[tuple[Step, ...], ...]
    fields: tuple[tuple[str, ...], ...]

    @property
    def time_s(self) -> float:
        """Time for all three parts of a track."""
        return sum(step.time_s for part in self.parts for step in part)


def mode(mode_id: str) -> Mode:
    """Return the mode of that id."""
    for each in MODES:
        if each.id == mode_id:
            return each
    raise LedgerError(f"There is no mode {mode_id!r}; there are {', '.join(each.id for each in MODES)}.")


def steps(part: int, mode_id: str = DEFAULT_MODE) -> tuple[str, ...]:
    """Return the ids of the steps of a part, in the order in which they open."""
    return tuple(step.id for step in mode(mode_id).parts[part - 1])


def _steps(**minutes: float) -> tuple[Step, ...]:
    return tuple(
        Step(id=step_id, label=LABELS[step_id], time_s=_MINUTE_S * given) for step_id, given in minutes.items()
    )


MODES: tuple[Mode, ...] = (
    Mode(
        id="compact",
        name="Compact",
        words="25 minutes: predictions, diagnosis, one round of attempts and the stakeholder; one experiment a part, shorter reflections, no tiling proposal.",
        experiments_count=1,
        parts=(
            _steps(brief=0.5, predict=1.5, explore=2.5, reveal=0.5, diagnose=1.5, reflect=2),
            _steps(brief=0.5, predict=1.5, explore=2, reveal=0.5, attempt=2, reflect=1),
            _steps(brief=0.5, predict=1.5, explore=2, reveal=0.5, challenge=2, reflect=2.5),
        ),
        fields=(("claim",), ("claim",), ("claim", "rejected_alternative", "reevaluation_trigger")),
    ),
    Mode(
        id=DEFAULT_MODE,
        name="Default",
        words="45 minutes: three parts of fifteen minutes each.",
        experiments_count=3,
        parts=(
            _steps(brief=1, predict=2, explore=4, reveal=2, diagnose=2, reflect=4),
            _steps(brief=1, predict=1.5, explore=2, reveal=1.5, attempt=5, propose=1.5, reflect=2.5),
            _steps(brief=1, predict=1.5, explore=2, reveal=1.5, attempt=4, challenge=2, reflect=3),
        ),
        fields=(_ARGUED, _ARGUED, _DEFENDED),
    ),
    Mode(
        id="extended",
        name="Extended",
        words="60 minutes: each part also verifies what it found with a second reading.",
        experiments_count=3,
        parts=(
            _steps(brief=1, predict=2, explore=6, reveal=2, diagnose=2, verify=2, reflect=5),
            _steps(brief=1, predict=2, explore=3, reveal=2, attempt=5, propose=2, verify=1, reflect=4),
            _steps(brief=1, predict=2, explore=3, reveal=2, attempt=4, challenge=2, verify=1, reflect=5),
        ),
        fields=(_ARGUED, _ARGUED, _DEFENDED),
    ),
)
