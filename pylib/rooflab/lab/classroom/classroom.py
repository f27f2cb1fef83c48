"""A class from its ledgers: what was predicted, tried and misunderstood. Nothing leaves the machine.

Counts use the figures that each ledger recorded, so a thousand ledgers are read in seconds; a
replay of one ledger says whether its figures hold. A ledger that cannot be read is listed with the
reason, and the rest is served.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from rooflab import tracks
from rooflab.analyses.search import TIE_FRACTION
from rooflab.errors import LabError, LedgerError
from rooflab.lab.classroom.fleet import Fleet, fleet
from rooflab.lab.classroom.paths import Path, path_of
from rooflab.lab.classroom.rubric import Rubric, rubric
from rooflab.lab.classroom.tallies import ChoiceTally, QuestionTally, TimeTally, choice_tallies
from rooflab.lab.ledger.computable import offered
from rooflab.lab.ledger.entries import DesignCommitted, Diagnosis, Entry, Hint, Imported, Observation, Reply, Reveal, Signed
from rooflab.lab.ledger.files import Refused
from rooflab.lab.ledger.ledger import Ledger, beginnings, read
from rooflab.lab.ledger.made_with import not_checked_words, other_models
from rooflab.lab.readings import ledger_name
from rooflab.lab.report.takeaways import taken_counts
from rooflab.lab.scoring import Calibration, ScoredPrediction, calibration, first_predictions, repeats, score_predictions
from rooflab.lab.setting import question, setting
from rooflab.lab.steps.commits import BEST, REGRET
from rooflab.lab.steps.open_bench import opened_anyway
from rooflab.lab.steps.pace import time_spent_s
from rooflab.specs import Mission, Objective

__all__ = ["REGRET_BORDERS", "Classroom", "HintTally", "Learner", "MissionTally", "classroom", "doubts"]

REGRET_BORDERS = (0.0, 0.01, 0.05, 0.10, 0.25, 1.0)
"""Upper ends of the bins of regret; the first holds those who found the best design."""

Place = tuple[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Learner:
    """One learner: where the ledger came from, how the predictions went, and the suggested scores."""

    name: str
    session: str
    signed: str
    same_beginning_as: str
    variant: int
    edited: bool
    not_checked: str
    set_apart_count: int
    unknown_count: int
    bench_opened: bool
    calibration: Calibration
    rubrics: tuple[Rubric, ...]
    met_count: int
    understood_count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MissionTally:
    """The attempts of one part over a class.

    `regret_counts` are learners by `REGRET_BORDERS`; `reached_counts` are pairs of the number of
    the first attempt as good as the best and how many learners needed that many; `paths` are how the
    learners with a final design came there, and `attempts_count` is how many attempts the part gives.
    """

    track_id: str
    part: int
    learner_count: int
    final_count: int
    infeasible_count: int
    regret_counts: tuple[int, ...]
    median_regret_fraction: float | None
    reached_counts: tuple[tuple[int, int], ...]
    attempts_count: int
    paths: tuple[Path, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class HintTally:
    """How many learners went how far in the hints of a step: one, two or all three."""

    track_id: str
    part: int
    step: str
    level_counts: tuple[int, int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Classroom:
    """Everything the instructors' page shows of a class."""

    learners: tuple[Learner, ...]
    refused: tuple[Refused, ...]
    passed_over: tuple[str, ...]
    questions: tuple[QuestionTally, ...]
    missions: tuple[MissionTally, ...]
    times: tuple[TimeTally, ...]
    hints: tuple[HintTally, ...]
    calibration: Calibration
    fleet: Fleet

    @property
    def misconceptions(self) -> tuple[tuple[QuestionTally, ChoiceTally], ...]:
        """Wrong choices, the most frequent first, each with its question."""
        wrong = [(asked, each) for asked in self.questions for each in asked.choices if each.wrong_count]
        return tuple(sorted(wrong, key=lambda pair: -pair[1].wrong_count))


def classroom(
    files: Iterable[tuple[str, str]], *, refused: Iterable[Refused] = (), passed_over: Iterable[str] = ()
) -> Classroom:
    """Return what a class did, from the name and the text of each ledger, and what was not read as one."""
    read_files, unreadable = _read(files)
    ledgers, repeated = _distinct(read_files)
    alike = _alike(ledgers)
    scored = [(name, ledger, score_predictions(ledger, _answers(ledger))) for name, ledger, _ in ledgers]
    everything = [each for _, _, own in scored for each in own]
    return Classroom(
        learners=tuple(
            _learner(name, ledger, edited, own, alike.get(name, ""))
            for (name, ledger, edited), (_, _, own) in zip(ledgers, scored, strict=True)
        ),
        refused=(*unreadable, *repeated, *refused),
        passed_over=tuple(passed_over),
        questions=(
            *_questions([(ledger, own) for _, ledger, own in scored]),
            *_observations([ledger for _, ledger, _ in scored]),
            *_diagnoses([ledger for _, ledger, _ in scored]),
            *_replies([ledger for _, ledger, _ in scored]),
        ),
        missions=_missions([ledger for _, ledger, _ in scored]),
        times=_times([ledger for _, ledger, _ in scored]),
        hints=_hints([ledger for _, ledger, _ in scored]),
        calibration=calibration(everything),
        fleet=fleet((name, ledger) for name, ledger, _ in scored),
    )


def doubts(learner: Learner) -> tuple[str, ...]:
    """Say what speaks against taking a learner's figures as they are; nothing where all is as the lab wrote it."""
    words = ["changed outside the lab"] if learner.edited else []
    if learner.same_beginning_as:
        words.append(f"same beginning as {learner.same_beginning_as}")
    if learner.not_checked:
        words.append(learner.not_checked[0].lower() + learner.not_checked[1:].rstrip("."))
    if learner.set_apart_count:
        words.append(f"{learner.set_apart_count} not computable under this version and left out")
    if learner.unknown_count:
        words.append(f"{learner.unknown_count} of a kind that this version does not know")
    if learner.bench_opened:
        words.append("open bench opened before a track was done")
    return tuple(words)


File = tuple[str, Ledger, bool]
"""A file's name, the ledger in it, and whether it was changed outside the lab."""


def _read(files: Iterable[tuple[str, str]]) -> tuple[list[File], list[Refused]]:
    found: list[File] = []
    refused: list[Refused] = []
    for name, text in files:
        try:
            ledger, edited = read(text)
            found.append((name, offered(ledger), edited))
        except LedgerError as error:
            refused.append(Refused(name=name, reason=str(error)))
    return found, refused


def _distinct(found: list[File]) -> tuple[list[File], list[Refused]]:
    """Leave out what another file holds whole: the same ledger once more, or an earlier export of it."""
    digests = {name: beginnings(ledger) for name, ledger, _ in found}
    seen: dict[str, str] = {}
    refused: dict[str, Refused] = {}
    for name, _, _ in sorted(found, key=lambda file: (-len(digests[file[0]]), file[2])):
        other = seen.get(digests[name][-1])
        if other is None:
            for digest in digests[name]:
                seen.setdefault(digest, name)
            continue
        same = len(digests[other]) == len(digests[name])
        what = "the same ledger as" if same else "an earlier export of the ledger in"
        refused[name] = Refused(name=name, reason=f"It is {what} {other}.")
    kept = [file for file in found if file[0] not in refused]
    return kept, [refused[name] for name, _, _ in found if name in refused]


def _alike(ledgers: list[File]) -> dict[str, str]:
    """Name, for each ledger of a session that others have too, the first of the others."""
    sessions: dict[str, list[str]] = defaultdict(list)
    for name, ledger, _ in ledgers:
        sessions[ledger.session].append(name)
    return {name: names[1] if name == names[0] else names[0] for names in sessions.values() if len(names) > 1 for name in names}


def _answers(ledger: Ledger) -> dict[tuple[str, int, str], str]:
    """Return the right choices as the reveals recorded them; the first lab's did not, so they are computed."""
    right: dict[tuple[str, int, str], str] = {}
    for entry in ledger.entries:
        if isinstance(entry, Reveal):
            answer = entry.answer_id or _computed(entry, ledger.variant)
            if answer:
                right[entry.track, entry.part, entry.question_id] = answer
    return right


def _computed(entry: Reveal, variant: int) -> str:
    try:
        place = setting(entry.track, entry.part, variant)
        return place.answer(question(place, entry.question_id))
    except LabError:
        return ""


def _learner(
    name: str, ledger: Ledger, edited: bool, own: tuple[ScoredPrediction, ...], same_beginning_as: str
) -> Learner:
    taken_up = dict.fromkeys(entry.track for entry in ledger.recorded if hasattr(entry, "track"))
    known = {each.id for each in tracks.TRACKS}
    met_count, understood_count = taken_counts(ledger)
    return Learner(
        name=name,
        session=ledger.session,
        signed=next((entry.name for entry in reversed(ledger.entries) if isinstance(entry, Signed)), ""),
        same_beginning_as=same_beginning_as,
        variant=ledger.variant,
        edited=edited or any(isinstance(entry, Imported) and entry.edited for entry in ledger.entries),
        not_checked=not_checked_words(other_models(ledger)),
        set_apart_count=len(ledger.set_apart),
        unknown_count=len(ledger.unknown),
        bench_opened=opened_anyway(ledger) is not None,
        calibration=calibration(own),
        rubrics=tuple(rubric(each, ledger) for each in taken_up if each in known),
        met_count=met_count,
        understood_count=understood_count,
    )


def _questions(scored: list[tuple[Ledger, tuple[ScoredPrediction, ...]]]) -> tuple[QuestionTally, ...]:
    answers: dict[tuple[str, int, str], list] = defaultdict(list)
    repeated: Counter[tuple[str, int, str]] = Counter()
    for ledger, own in scored:
        again = repeats(ledger)
        repeated.update(again)
        right = {(each.track, each.part, each.question_id): each.right for each in own}
        for key, entry in first_predictions(ledger).items():
            if key not in again:
                answers[key].append((entry.choice_id, right.get(key), entry.confidence, ledger.variant))
    asked = sorted({*answers, *repeated})
    return tuple(choice_tallies(key, answers[key], repeat_count=repeated[key]) for key in asked)


def _observations(ledgers: list[Ledger]) -> tuple[QuestionTally, ...]:
    answers: dict[tuple[str, int, str], list] = defaultdict(list)
    for ledger in ledgers:
        for entry in _firsts(ledger, Observation).values():
            answers[entry.track, entry.part, entry.question_id].append((entry.choice_id, entry.right, None, ledger.variant))
    return tuple(choice_tallies(key, given) for key, given in sorted(answers.items()))


def _diagnoses(ledgers: list[Ledger]) -> tuple[QuestionTally, ...]:
    answers: dict[tuple[str, int, str], list] = defaultdict(list)
    for ledger in ledgers:
        for entry in _firsts(ledger, Diagnosis).values():
            answers[entry.track, entry.part, "diagnosis"].append((entry.choice_id, entry.right, None, ledger.variant))
    return tuple(choice_tallies(key, given) for key, given in sorted(answers.items()))


def _replies(ledgers: list[Ledger]) -> tuple[QuestionTally, ...]:
    answers: dict[tuple[str, int, str], list] = defaultdict(list)
    for ledger in ledgers:
        for entry in _firsts(ledger, Reply).values():
            reply = entry.named_id or entry.decision
            answers[entry.track, entry.part, "demand"].append((reply, entry.right, None, ledger.variant))
    return tuple(choice_tallies(key, given) for key, given in sorted(answers.items()))


def _firsts(ledger: Ledger, kind: type[Entry]) -> Mapping[Place, Entry]:
    first: dict[Place, Entry] = {}
    for entry in ledger.entries:
        if isinstance(entry, kind):
            first.setdefault((entry.track, entry.part), entry)
    return first


def _missions(ledgers: list[Ledger]) -> tuple[MissionTally, ...]:
    designs: dict[Place, list[list[DesignCommitted]]] = defaultdict(list)
    for ledger in ledgers:
        own: dict[Place, list[DesignCommitted]] = defaultdict(list)
        for entry in ledger.entries:
            if isinstance(entry, DesignCommitted) and entry.role != "explored":
                own[entry.track, entry.part].append(entry)
        for key, entries in own.items():
            designs[key].append(entries)
    return tuple(_mission(key, learners) for key, learners in sorted(designs.items()))


def _mission(key: Place, learners: list[list[DesignCommitted]]) -> MissionTally:
    finals = [final for entries in learners for final in entries if final.role == "final"]
    regrets = [final.figures[REGRET] for final in finals if REGRET in final.figures]
    mission = _mission_of(key)
    reached = Counter(number for entries in learners if mission and (number := _reached(entries, mission.objective)))
    return MissionTally(
        track_id=key[0],
        part=key[1],
        learner_count=len(learners),
        final_count=len(finals),
        infeasible_count=len(finals) - len(regrets),
        regret_counts=tuple(Counter(map(_bin, regrets))[index] for index in range(len(REGRET_BORDERS))),
        median_regret_fraction=float(np.median(regrets)) if regrets else None,
        reached_counts=tuple(sorted(reached.items())),
        attempts_count=mission.attempts_count if mission else 0,
        paths=tuple(path[: mission.attempts_count] for entries in learners if mission and (path := path_of(entries, mission.objective))),
    )


def _bin(regret: float) -> int:
    return next(
        (index for index, border in enumerate(REGRET_BORDERS) if regret <= border + TIE_FRACTION),
        len(REGRET_BORDERS) - 1,
    )


def _reached(entries: list[DesignCommitted], objective: Objective) -> int | None:
    """Return the number of the first attempt as good as the best; None if none was, or nothing is final."""
    finals = [entry for entry in entries if entry.role == "final" and BEST in entry.figures]
    if not finals:
        return None
    best = finals[0].figures[BEST]
    attempts = [entry for entry in entries if entry.role == "attempt"]
    for number, entry in enumerate(attempts, 1):
        value = entry.figures.get(ledger_name(objective.quantity))
        near = value is not None and abs(value - best) <= TIE_FRACTION * abs(best)
        if near and entry.figures.get("feasible") == 1.0:
            return number
    return None


def _mission_of(key: Place) -> Mission | None:
    """Return the mission of a part, of which only what is the same in every variant is used."""
    try:
        return setting(*key, 0).mission
    except LabError:
        return None


def _times(ledgers: list[Ledger]) -> tuple[TimeTally, ...]:
    spent: dict[Place, list[float]] = defaultdict(list)
    for ledger in ledgers:
        for key, time_s in time_spent_s(ledger).items():
            spent[key].append(time_s)
    return tuple(TimeTally.of(key, times) for key, times in sorted(spent.items()))


def _hints(ledgers: list[Ledger]) -> tuple[HintTally, ...]:
    highest: dict[tuple[str, int, str], list[int]] = defaultdict(list)
    for ledger in ledgers:
        own: dict[tuple[str, int, str], int] = {}
        for entry in ledger.entries:
            if isinstance(entry, Hint):
                key = entry.track, entry.part, entry.step
                own[key] = max(entry.level, own.get(key, 0))
        for key, level in own.items():
            highest[key].append(level)
    return tuple(
        HintTally(
            track_id=key[0],
            part=key[1],
            step=key[2],
            level_counts=(levels.count(1), levels.count(2), levels.count(3)),
        )
        for key, levels in sorted(highest.items())
    )
