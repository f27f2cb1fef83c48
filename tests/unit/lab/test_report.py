"""The report tells what the ledger holds, nothing the learner has not been told, and marks what is open."""

import json
from dataclasses import replace

import pytest

from rooflab.lab.ledger.entries import Hint, Imported, Proposal, Reply
from rooflab.lab.ledger.ledger import append
from rooflab.lab.report.report import report
from rooflab.lab.report.report_lines import OPEN
from rooflab.lab.report.report_text import to_json, to_markdown
from rooflab.lab.tiling_words import proposal_words
from rooflab.tracks import track as real_track
from rooflab.tracks.parts import STANCES
from tests.unit.lab.fakes import BEST, NOW, SCHOOL, TEMPTING, asked, designed, here, ledger_of, mission, noted, reflected, studied

SLOWER = {"batch": 64, "attention_kernel": "fused"}


def part_of(ledger, number):
    return report(ledger).tracks[0].parts[number - 1]


def named(part, name):
    return next(line.words for line in part.results if line.name == name)


def test_a_whole_lab_leaves_nothing_open(track):
    made = report(studied(track))

    assert made.open_count == 0
    assert [part.state for part in made.tracks[0].parts] == ["done"] * 3


def test_predictions_stand_beside_what_was_revealed(track):
    first = part_of(studied(track, parts=1), 1).predictions[0]

    assert first.predicted == "Yes, in proportion to the TFLOPS added"
    assert (first.answer, first.right) == ("No, its time stays the same", False)
    assert first.confidence_fraction == 0.8


def test_attempts_stand_with_their_scores_and_the_reasons_of_failure(track):
    part = part_of(studied(track, attempts=(TEMPTING, SLOWER)), 2)

    assert [(each.number, each.feasible, each.final) for each in part.attempts] == [(1, False, False), (2, True, True)]
    assert part.attempts[0].reasons[0].startswith("Time per token")
    assert part.attempts[1].changed == "Batch: 32 sequences to 64 sequences; Attention kernel: Eager to Fused"
    assert named(part, "Final design") == "attempt 2, 24% below the best feasible design"


def test_a_final_design_that_misses_a_target_is_called_so(track):
    assert "not feasible" in named(part_of(studied(track, attempts=(TEMPTING,)), 2), "Final design")


def test_a_final_design_that_is_the_best_is_called_so(track):
    assert "the best feasible design" in named(part_of(studied(track, attempts=(BEST,)), 2), "Final design")


def test_the_best_design_is_written_out_where_the_final_one_is_another(track):
    # BEST is the only best design of this mission: 96 sequences.
    best = "Throughput 2\N{NO-BREAK SPACE}598 tokens/s, the best of"

    assert named(part_of(studied(track, attempts=(BEST,)), 2), "Best design").startswith(f"the final one: {best}")
    assert named(part_of(studied(track, attempts=(TEMPTING,)), 2), "Best design").startswith(
        f"Batch: 32 sequences to 96 sequences; Attention kernel: Eager to Fused; Weights: BF16 to INT8 weights: {best}"
    )


def test_the_best_design_is_not_told_before_the_final_one_is_named(track):
    ledger = studied(track, parts=1)
    part = part_of(append(ledger, designed(mission().baseline, "attempt")), 2)

    assert named(part, "Final design") == "open; 9 attempts left"
    assert "Best design" not in [line.name for line in part.results]


@pytest.mark.parametrize("part", [1, 2, 3])
def test_before_the_reveal_no_word_depends_on_the_answers(track, part):
    reports = []
    for variant in (0, 3):
        ledger = studied(track, parts=part - 1, variant=0) if part > 1 else ledger_of()
        for entry in asked(track, track.part(part)):
            ledger = append(ledger, entry)
        shown = part_of(replace(ledger, variant=variant), part)
        reports.append((shown.predictions, shown.results, shown.open_steps))

    assert track.part(1).questions[1].answer(track.scenario(0)) != track.part(1).questions[1].answer(track.scenario(3))
    assert reports[0] == reports[1]


def test_evidence_names_its_design_and_whether_it_is_cited(track):
    ledger = ledger_of(noted(mission().baseline, 2), noted(mission().baseline.replace(batch=64), 2, value=0.3))
    ledger = append(ledger, reflected(2, evidence=(1,)))

    shown = part_of(ledger, 2).evidence

    assert [each.cited for each in shown] == [False, True]
    assert shown[1].reading == "MFU 30%"
    assert shown[1].design == "Batch: 32 sequences to 64 sequences"


def test_the_defence_of_part_three_marks_its_empty_fields_open(track):
    lines = {line.name: line.words for line in part_of(ledger_of(reflected(3, choice_id="machine")), 3).reflection}

    assert lines["Position"] == STANCES[3]["machine"]
    assert lines["Claim"] == reflected(3).claim
    assert lines["Rejected alternative"] == lines["What would change your mind"] == OPEN


def test_a_reply_tells_what_it_claims_and_whether_it_holds(strict):
    ledger = ledger_of(
        Reply(
            **here(3, strict.id),
            decision="refuse",
            named_id="token-time",
            design=mission().tempting.to_json(),
            figures={"factor": 9.9, "best-factor": 8.75},
            right=True,
        )
    )

    words = named(part_of(ledger, 3), "To the stakeholder")

    assert words.startswith("Refuse") and "Time per token: correct" in words
    assert "9.90×" in words and "8.75×" in words


def test_the_tiling_proposed_stands_beside_the_best(track):
    words = named(part_of(studied(track, attempts=(BEST,)), 2), "Tiling proposed")

    assert words.startswith("32 × 64 ") and "; on Down projection the best on offer, " in words


@pytest.mark.parametrize(
    ("score", "version", "words"),
    [
        (1.0, 2, "is as fast as any on offer"),
        (0.8, 2, "reaches 80% of the speed of the fastest on offer"),
        (0.0, 2, "cannot run: it does not fit on the chip"),
        (0.8, 1, "keeps 80% of the hardware busy"),  # what the first version recorded
        (0.0, 1, "cannot run: it does not fit on the chip"),
    ],
)
def test_a_recorded_tiling_is_told_as_its_version_meant_it(score, version, words):
    entry = Proposal(
        **here(2), design={"batch": 32}, tile_rows=32, tile_columns=64, split=1, score_fraction=score, version=version, model=0
    )

    assert proposal_words(entry) == words


def test_hints_are_counted_by_their_highest_level(track):
    taken = [Hint(**here(2), step="attempt", level=level) for level in (1, 2)]

    assert [(line.name, line.words) for line in part_of(ledger_of(*taken), 2).hints] == [("Attempt", "2 of 3")]


def test_what_is_open_is_marked(track):
    part = part_of(ledger_of(*asked(track, track.part(1))), 1)

    assert part.open_steps == ("Explore", "Reveal", "Diagnose", "Reflect")
    assert named(part, "Diagnosis") == OPEN
    assert part.predictions[0].answer == OPEN


def test_a_locked_part_shows_no_questions(track):
    assert part_of(ledger_of(*asked(track, track.part(1))), 2).predictions == ()


def test_time_is_that_between_the_entries(track):
    # A minute each: predictions, pin, reveal, committed design, diagnosis, reflection.
    assert part_of(studied(track, parts=1), 1).time_s == 6 * 60


def test_an_edited_import_is_told(track):
    ledger = append(studied(track, parts=1), Imported(at=NOW, entries=3, edited=True))

    assert "changed outside the lab" in to_markdown(report(ledger))


def test_a_track_of_another_version_is_named_and_the_rest_is_served(track):
    ledger = append(studied(track, parts=1), noted({}, track="sea"))

    made = report(ledger)

    assert made.unknown_tracks == ("sea",)
    assert len(made.tracks) == 1
    assert "Not readable in this version: sea" in to_markdown(made)


def test_a_design_of_another_version_does_not_stop_the_report(track):
    ledger = ledger_of(noted({"kind": "abacus"}, 2), designed({"kind": "abacus"}, "attempt"))

    made = report(ledger)

    part = made.tracks[0].parts[1]
    assert (part.evidence, part.attempts) == ((), ())
    assert [line.name for line in made.set_apart] == ["Entry 1 (pin, School, part 2)", "Entry 2 (design, School, part 2)"]
    assert all("cannot be computed under this version" in line.words for line in made.set_apart)


HOSTILE = "<script>alert(1)</script>\n# heading | cell\n[x](javascript:alert(1)) ![i](http://e.org) `code` *b* _i_"


def test_what_a_learner_typed_is_plain_text_in_markdown(track):
    text = to_markdown(report(ledger_of(reflected(1, claim=HOSTILE))))

    line = next(line for line in text.splitlines() if line.startswith("- Claim: "))
    assert "\\<script\\>" in line and "\\[x\\](" in line and "\\!\\[i\\]" in line
    assert "http://" not in line and "\\`code\\`" in line and "\\| cell" in line
    assert "# heading" in line and "\\# heading" in line


def test_a_report_of_a_whole_lab_prints_on_three_pages(track):
    text = to_markdown(report(studied(track, attempts=[TEMPTING] * 9 + [BEST])))

    # A page holds some 50 lines of 100 characters; a long line takes several.
    lines = sum(max(1, -(-len(line) // 100)) for line in text.splitlines() if line)
    assert lines <= 150


def test_the_report_as_json_holds_the_names_of_neighbouring_labs(track):
    ledger = studied(track)
    document = json.loads(to_json(report(ledger), ledger))

    assert document["lab_id"] == "v2_09"
    record = document["records"][SCHOOL]
    assert record["track_id"] == SCHOOL
    assert (record["batch_size"], record["precision"]) == (96, "w8a16")
    assert record["operator_fusion"] == mission().baseline.fusion
    assert record["binding_constraint"] == "memory"
    assert document["report"]["tracks"][0]["parts"][1]["attempts"][1]["final"] is True


def test_an_empty_ledger_has_an_empty_report():
    text = to_markdown(report(ledger_of()))

    assert "No prediction was revealed yet." in text
    assert "0 entries" in text


def test_a_design_of_another_track_does_not_stop_the_report(track):
    other = real_track("mobile-nomad").scenario(0).crisis
    better = Proposal(
        **here(2), design=other.to_json(), tile_rows=32, tile_columns=64, split=1, score_fraction=0.5
    )

    made = report(ledger_of(noted(other, 2), designed(other, "attempt"), better))

    assert len(made.set_apart) == 3
    assert all("takes a serving design; got a frame one" in line.words for line in made.set_apart)
    assert made.tracks[0].parts[1].evidence == ()
