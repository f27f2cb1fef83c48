"""A class in which no two learners are alike: each count, each statistic and each column is another number."""

import csv
import io
import statistics
from dataclasses import replace

import pytest

from rooflab.lab.classroom.classroom import classroom
from rooflab.lab.ledger.entries import DesignCommitted, Hint, Prediction, Reveal
from rooflab.lab.ledger.ledger import append, digest, dump
from rooflab.lab.steps.commits import BEST, REGRET
from rooflab.units import format_fraction
from rooflab.views.screens.classroom import classroom_markup, class_table
from tests.unit.lab.fakes import SCHOOL, here, ledger_of, mission
from tests.unit.rendered_bench import shows, tables, told

# Choice and confidence of the first question, seconds spent, regret (None: not feasible), attempt that reached the best, hints.
LEARNERS = {
    "ada": ("proportional", 0.5, 60, 0.004, 2, 3),
    "ben": ("proportional", 0.9, 90, 0.03, None, 1),
    "cem": ("proportional", 0.7, 400, 0.2, None, 2),
    "dot": ("partly", 1.0, 200, 0.9, None, 1),
    "eve": ("no", 0.6, 30, 0.0, 1, 1),
    "fay": ("no", 0.8, 500, None, None, 0),
    "gus": ("partly", 0.55, 570, 0.07, 3, 0),
}
ATTEMPTS = 4


def ledger(name, number):
    """Write one learner's part 1 and 2, with figures typed in: the objective's best is 1000 tokens a second."""
    choice, confidence, spent_s, regret, reached, hints = LEARNERS[name]
    start = mission(number).baseline
    made = replace(ledger_of(variant=number), session=name)

    def add(kind, part=1, second=0, **values):
        nonlocal made
        at = f"2026-11-02T09:{30 + second // 60:02d}:{second % 60:02d}Z"
        made = append(made, kind(**here(part, at=at), **values))

    add(Prediction, question_id="slope", choice_id=choice, confidence=confidence)
    add(Reveal, question_id="slope", answer_id="no")
    for level in range(1, hints + 1):
        add(Hint, step="explore", level=level)
    for attempt in range(1, ATTEMPTS):
        at_best = reached is not None and attempt >= reached
        figures = {"tokens-per-s": 1000.0 if at_best else 1000.0 - 100 / attempt, "feasible": 1.0}
        plain = start.replace(batch=(16, 64, 96)[attempt - 1]).to_json()
        add(DesignCommitted, 2, spent_s, design=plain, digest=digest(plain), figures=figures, role="attempt")
    figures = {"tokens-per-s": 1000.0, BEST: 1000.0} | ({} if regret is None else {REGRET: regret})
    add(DesignCommitted, 2, spent_s, design=plain, digest=digest(plain), figures=figures, role="final")
    return made


@pytest.fixture
def found(track):
    return classroom([(f"{name}.json", dump(ledger(name, number))) for number, name in enumerate(LEARNERS)])


def tally(track_part, tallies):
    return next(each for each in tallies if (each.track_id, each.part) == (SCHOOL, track_part))


def test_times_are_least_median_and_most(found):
    times = sorted(each[2] for each in LEARNERS.values())
    spent = tally(2, found.times)

    assert statistics.mean(times) != pytest.approx(statistics.median(times), rel=0.1)
    assert (spent.least_s, spent.median_s, spent.most_s) == (times[0], statistics.median(times), times[-1])
    assert spent.learner_count == len(LEARNERS)


def test_regret_is_the_median_of_those_who_have_one(found):
    regrets = [each[3] for each in LEARNERS.values() if each[3] is not None]
    told_ = tally(2, found.missions)

    assert told_.median_regret_fraction == statistics.median(regrets) != statistics.mean(regrets)
    assert told_.regret_counts == (1, 1, 1, 1, 1, 1)  # at 0, and to 1%, 5%, 10%, 25% and all beyond
    assert (told_.learner_count, told_.final_count, told_.infeasible_count) == (7, 7, 1)
    assert told_.reached_counts == ((1, 1), (2, 1), (3, 1))


def test_choices_are_counted_apart_and_the_most_frequent_mistake_comes_first(found):
    (slope,) = (each for each in found.questions if each.question_id == "slope")
    counts = {each.choice_id: (each.count, each.right_count, each.wrong_count) for each in slope.choices}

    assert counts == {"proportional": (3, 0, 3), "partly": (2, 0, 2), "no": (2, 2, 0)}
    confidences = {name: [each[1] for each in LEARNERS.values() if each[0] == name] for name in counts}
    for each in slope.choices:
        assert each.mean_confidence_fraction == pytest.approx(statistics.mean(confidences[each.choice_id]))
    assert slope.mean_confidence_fraction == pytest.approx(statistics.mean(each[1] for each in LEARNERS.values()))
    assert slope.right_fraction == pytest.approx(2 / 7)
    assert [each.choice_id for _, each in found.misconceptions] == ["proportional", "partly"]


def test_hints_count_the_furthest_each_went(found):
    (hints,) = found.hints

    assert hints.level_counts == (3, 1, 1)


def test_the_calibration_is_of_all_and_of_each(found):
    squares = [(each[1] - (each[0] == "no")) ** 2 for each in LEARNERS.values()]

    assert found.calibration.brier_fraction == pytest.approx(statistics.mean(squares))
    assert [each.calibration.brier_fraction for each in found.learners] == pytest.approx(squares)
    assert (found.calibration.right_count, found.calibration.prediction_count) == (2, 7)


def test_the_page_shows_each_number_in_its_column(found):
    page = tables(told(classroom_markup(found)))

    def rows(*heads):
        return next(rows for _, rows in page if rows and set(heads) <= set(rows[0]))

    (slope,) = (each for each in found.questions if each.question_id == "slope")
    for row, each in zip(rows("Answer", "Given", "Correct", "Incorrect"), slope.choices, strict=True):
        assert [row[head].text for head in ("Answer", "Given", "Correct", "Incorrect", "Not revealed")] == [
            each.text, str(each.count), str(each.right_count), str(each.wrong_count), "0",
        ]  # fmt: skip
        assert shows(row["Sure"].text, each.mean_confidence_fraction)
    (attempts,) = rows("Learners", "Final designs", "Not feasible", "Median regret")
    assert [attempts[head].text for head in ("Learners", "Final designs", "Not feasible", "Median regret")] == ["7", "7", "1", format_fraction(tally(2, found.missions).median_regret_fraction)]
    assert attempts["Best found at attempt"].text == "1 (1 learner), 2 (1 learner), 3 (1 learner)"
    second = next(row for row in rows("Least", "Median", "Most") if row["Part"].text.endswith("2"))
    spent = tally(2, found.times)
    for head, time_s in (("Least", spent.least_s), ("Median", spent.median_s), ("Most", spent.most_s)):
        assert second[head].text == f"{time_s / 60:.0f} min", head
    (hints,) = rows("One", "Two", "All three")
    assert [hints[head].text for head in ("One", "Two", "All three")] == ["3", "1", "1"]
    for row, each in zip(rows("Ledger", "Variant", "Predictions right"), found.learners, strict=True):
        assert row["Ledger"].text == each.name
        assert row["Variant"].text == str(each.variant)
        assert row["Predictions right"].text == f"{each.calibration.right_count} of {each.calibration.prediction_count}"


def test_the_file_of_the_class_has_each_number_in_its_column(found):
    rows = list(csv.DictReader(io.StringIO(class_table(found).lstrip("\ufeff"))))

    assert [row["ledger"] for row in rows] == [f"{name}.json" for name in LEARNERS]
    for row, (name, each), learner in zip(rows, LEARNERS.items(), found.learners, strict=True):
        assert row["session"] == name
        assert row["variant"] == str(learner.variant)
        assert row["predictions"] == "1"
        assert row["predictions_right"] == str(int(each[0] == "no"))
        assert float(row["brier_score"]) == pytest.approx((each[1] - (each[0] == "no")) ** 2, abs=5e-5)
