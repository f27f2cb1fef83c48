"""Points with their evidence."""

from dataclasses import replace

import pytest

from rooflab.lab.classroom.rubric import rubric
from rooflab.lab.ledger.entries import Hint, TrackOpened
from rooflab.lab.ledger.ledger import append
from tests.unit.lab.fakes import BEST, SCHOOL, TEMPTING, here, ledger_of, reflected, studied


def line(ledger, criterion, part):
    return next(each for each in rubric(SCHOOL, ledger).criteria if (each.id, each.part) == (criterion, part))


def test_each_part_of_the_default_lab_has_its_points(track):
    most = {part: 0.0 for part in (1, 2, 3)}
    for each in rubric(SCHOOL, ledger_of()).criteria:
        most[each.part] += each.most_points

    # Predict, compare, explore: 3. Diagnosis 3, design 4, tiling 2, stakeholder 3, argument 4, defence 2.
    assert most == {1: 3 + 3 + 4, 2: 3 + 4 + 2 + 4, 3: 3 + 4 + 3 + 4 + 2}


def test_an_empty_ledger_has_no_points(track):
    assert rubric(SCHOOL, ledger_of()).points == 0


def test_a_whole_lab_loses_points_only_for_what_it_left_out(track):
    ledger = studied(track, attempts=(TEMPTING, BEST))
    made = rubric(SCHOOL, ledger)
    score = next(each.score_fraction for each in ledger.entries if each.kind == "proposal")

    # Half a point for readings of one design in part 1, one or one and a half for a slow tiling, two for a defence left empty.
    proposed = next(each for each in made.criteria if each.id == "propose")
    assert proposed.points == (1.0 if score >= 0.6 else 0.5)
    assert made.most_points - made.points == 0.5 + (2 - proposed.points) + 2


def test_every_point_given_names_an_entry(track):
    ledger = studied(track)

    for each in rubric(SCHOOL, ledger).criteria:
        assert each.evidence or not each.points
        assert all(ledger.entries[seq].part == each.part for seq in each.evidence)


def test_a_wrong_diagnosis_still_earns_a_point(track):
    ledger = studied(track, parts=1)
    wrong = replace(ledger, entries=tuple(
        replace(entry, right=False) if entry.kind == "diagnosis" else entry for entry in ledger.entries
    ))

    assert line(ledger, "diagnose", 1).points == 3
    assert line(wrong, "diagnose", 1).points == 1


@pytest.mark.parametrize(
    ("attempts", "points"),
    [
        ((BEST,), 4),
        (({**BEST, "dispatch": "eager"},), 3),  # 2565 of 2598 tokens/s: 1.3% short
        (({"batch": 64, "attention_kernel": "fused"},), 2),  # 1964 of 2598: 24% short
        ((TEMPTING,), 1),
    ],
    ids=str,
)
def test_a_design_earns_points_by_what_it_leaves_to_the_best(track, attempts, points):
    assert line(studied(track, attempts=attempts), "design", 2).points == points


def test_a_reply_that_does_not_hold_earns_one_point(strict):
    made = rubric(strict.id, studied(strict, reply="accept"))

    assert next(each.points for each in made.criteria if each.id == "challenge") == 1


def test_a_reply_that_names_the_number_holds(strict):
    made = rubric(strict.id, studied(strict, reply="token-time"))

    assert next(each.points for each in made.criteria if each.id == "challenge") == 3


def test_only_the_third_hint_costs(track):
    hints = [Hint(**here(2), step="attempt", level=level) for level in (1, 2)]
    third = Hint(**here(2), step="attempt", level=3)

    assert line(ledger_of(*hints), "hints", 2).points == 0
    assert line(ledger_of(*hints, third), "hints", 2).points == -0.5
    assert line(ledger_of(*[third] * 4), "hints", 2).points == -1


def test_a_shorter_lab_is_judged_by_its_own_steps(track):
    ledger = ledger_of(TrackOpened(**here(1), mode="compact"))

    ids = {(each.part, each.id) for each in rubric(SCHOOL, ledger).criteria}

    assert (2, "propose") not in ids and (3, "design") not in ids
    assert (3, "challenge") in ids


def test_a_longer_lab_is_judged_on_its_verification(track):
    ledger = append(studied(track), TrackOpened(**here(1), mode="extended"))

    assert line(ledger, "verify", 2).points == 1
    assert line(ledger, "verify", 1).points == 0


def test_an_argument_earns_a_point_for_each_of_its_four_parts(track):
    assert line(ledger_of(reflected(1, residual_risk="", tradeoff="")), "argue", 1).points == 1


def test_only_evidence_that_bears_counts(track):
    """The fixture cites the intensity of attention, which takes most of the step: it speaks for memory and for nothing else."""
    ledger = studied(track, parts=1)
    other = replace(ledger, entries=tuple(
        replace(entry, choice_id="compute") if entry.kind == "reflection" else entry for entry in ledger.entries
    ))

    assert line(ledger, "argue", 1).points == 4
    assert line(other, "argue", 1).points == 3
    assert "not counted: 1 cited reading that does not" in line(other, "argue", 1).reason


def test_texts_that_say_nothing_do_not_count_and_say_that_they_were_asked_for_again(track):
    empty = reflected(1, claim="a", tradeoff="b", residual_risk="c", asked_again="claim tradeoff residual_risk")

    judged = line(ledger_of(empty), "argue", 1)

    assert judged.points == 0
    assert judged.reason.endswith("not counted: a claim, a trade-off, a residual risk (asked again, kept)")
