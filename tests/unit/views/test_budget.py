"""The time that the lab takes is computed from what is on its screens, and the default lab takes 45 minutes."""

from pprint import pformat

import pytest
from tests.unit.rendered_bench import tables, told
from tests.unit.views.test_words import read

from rooflab.lab.steps.budget import ATTEMPTS_FRACTION, CONTROLS_FRACTION, READING, TASKS, WRITING, part_time_s, step_budgets, track_time_s
from rooflab.lab.steps.modes import MODES, mode, steps
from rooflab.lab.steps.words_read import WORDS_READ
from rooflab.tracks import TRACKS, track
from rooflab.views.screens.budget import budget_markup

PLACES = [(each.id, part.number) for each in TRACKS for part in each.parts]
STALE = 0.10
"""By how much of a part's words the table may differ from the screens."""


@pytest.mark.parametrize(("track_id", "number"), PLACES, ids=str)
def test_the_table_of_words_is_what_the_screens_have(track_id, number):
    found, kept = read(track_id, number), WORDS_READ[track_id][number - 1]

    assert set(found) == set(kept) == set(steps(number, "extended"))
    assert sum(kept.values()) == pytest.approx(sum(found.values()), rel=STALE), pformat(found, width=200)


def test_the_time_of_a_step_is_its_words_and_its_tasks():
    explore = next(each for each in step_budgets(track("cloud-titan"), 1, "default") if each.step == "explore")
    part = track("cloud-titan").part(1)

    # 3 experiments of 45 s, 8 s for each control, a pin of 10 s, a question of 40 s, and 238 words a minute.
    assert len(part.experiments) == 3
    assert CONTROLS_FRACTION["default"] == 1
    assert explore.time_s == pytest.approx(3 * 45 + 8 * len(part.controls) + 10 + 40 + WORDS_READ["cloud-titan"][0]["explore"] * 60 / 238)


def test_a_field_is_written_at_the_rate_of_composing():
    assert TASKS["field"].time_s == pytest.approx(12 * 60 / 19)  # 12 words at 19 a minute
    assert (READING.words_per_s, WRITING.words_per_s) == (238 / 60, 19 / 60)


@pytest.mark.parametrize("mode_id", ["compact", "default"])
@pytest.mark.parametrize("each", TRACKS, ids=lambda each: each.id)
def test_the_lab_takes_the_minutes_that_its_mode_promises(each, mode_id):
    assert track_time_s(each, mode_id) == pytest.approx(mode(mode_id).time_s, abs=4 * 60)


@pytest.mark.parametrize("each", TRACKS, ids=lambda each: each.id)
def test_the_extended_lab_has_time_left_for_what_is_folded_away(each):
    left_s = mode("extended").time_s - track_time_s(each, "extended")

    assert 0 < left_s < mode("extended").time_s / 6  # at most ten minutes for other tabs, derivations and facts


def test_what_compact_leaves_out_is_not_counted():
    whole = {each.step: each for each in step_budgets(track("cloud-titan"), 3, "default")}
    short = {each.step: each for each in step_budgets(track("cloud-titan"), 3, "compact")}

    # 2 of 3 experiments of 45 s, and 8 s for each control tried beside them.
    assert whole["explore"].time_s - short["explore"].time_s == pytest.approx(2 * 45 + 8 * len(track("cloud-titan").part(3).controls))
    # Trade-off and residual risk, 12 words each at 19 a minute.
    assert whole["reflect"].time_s - short["reflect"].time_s == pytest.approx(2 * 12 * 60 / 19)
    assert set(whole) - set(short) == {"attempt"}


@pytest.mark.parametrize("each", TRACKS, ids=lambda each: each.id)
def test_a_longer_lab_takes_longer_in_every_part(each):
    compact, default, extended = (track_time_s(each, one.id) for one in MODES)

    assert compact + 8 * 60 < default < extended - 5 * 60
    for part in each.parts:
        times = [part_time_s(each, part.number, one.id) for one in MODES]
        assert times == sorted(times) and len(set(times)) == 3


def test_instructors_see_the_minutes_of_every_part_and_what_they_assume():
    page = told(budget_markup())
    ((_, rows),) = tables(page)
    shown = {row["Part"].text: [row[one.name].text for one in MODES] for row in rows}

    for each in TRACKS:
        for part in each.parts:
            assert shown[f"{each.name}, part {part.number}"] == [f"{part_time_s(each, part.number, one.id) / 60:.0f}" for one in MODES]
        assert shown[f"{each.name}, whole"] == [f"{track_time_s(each, one.id) / 60:.0f}" for one in MODES]
    assert shown["Planned for a track"] == ["25", "45", "60"]
    for words in ("Brysbaert", "Karat", "Assumed for a task: question 40 s", "20%, default 50%, extended 100%", "0%, default 100%, extended 100%"):
        assert words in budget_markup()
    assert set(ATTEMPTS_FRACTION) == {one.id for one in MODES}
