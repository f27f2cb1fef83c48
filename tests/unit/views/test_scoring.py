"""Attempts: scored where the design is made, each design once, and the part's end leads on."""

import pytest

from rooflab.lab.ledger.entries import DesignCommitted
from rooflab.lab.ledger.ledger import Ledger, append, dump
from rooflab.lab.setting import setting
from rooflab.rehearsal import AT, _entries
from rooflab.tracks import TRACKS, track
from rooflab.views.instruments.memory import MemoryView
from rooflab.views.steps.reflection import ReflectedView
from rooflab.workbench import make_workbench
from tests.unit.views.test_app import Lab

SCORE = "Score this design"


def lab_at_attempts(track_id):
    """Return a lab whose second part is open as far as its attempts, none made."""
    ledger = Ledger.new(AT, "a-session", 0)
    for number in (1, 2):
        for entry in _entries(ledger, setting(track_id, number, 0)):
            if number == 2 and isinstance(entry, DesignCommitted):
                return Lab(dump(ledger), fragment=f"#{track_id}/2")
            ledger = append(ledger, entry)
    raise AssertionError("part 2 has no attempts")


@pytest.fixture
def lab():
    return lab_at_attempts(TRACKS[0].id)


def test_a_design_is_scored_beside_its_controls(lab):
    lab.press("controls", SCORE)

    assert len(lab.entries(DesignCommitted)) == 1
    assert lab.app.lesson.mission.board.left == 9


def test_the_button_is_not_there_before_attempts_are_open():
    ledger = Ledger.new(AT, "a-session", 0)
    place = setting(TRACKS[0].id, 1, 0)
    for entry in _entries(ledger, place):
        ledger = append(ledger, entry)
    early = Lab(dump(ledger), fragment=f"#{TRACKS[0].id}/2")
    early.predict([question.choices[0].id for question in TRACKS[0].part(2).questions])

    assert not early.app.lesson.mission.board.opened
    (column,) = early.app.roots["controls"].select(lambda each: "rp-scoring" in getattr(each, "css_classes", ()))
    assert not column.visible
    assert not early.app.roots["attempt"].objects


def test_the_same_design_costs_one_attempt(lab):
    bench = lab.app.bench
    lab.press("controls", SCORE)
    lab.press("controls", SCORE)

    board = lab.app.lesson.mission.board
    assert (len(board.attempts), board.left) == (1, 9)
    assert board.message.startswith("This design is attempt 1 already: MFU ")

    bench.dispatch = "graph"
    lab.press("controls", SCORE)
    assert len(board.attempts) == 2


@pytest.mark.parametrize("number", [1, 2, 3])
def test_a_part_that_is_done_leads_on(number):
    shown = ReflectedView(track_id="edge-guardian", part_number=number, rows=[]).__panel__()[0].object.text

    assert f'href="{f"#edge-guardian/{number + 1}" if number < 3 else "#report"}"' in shown


def test_a_memory_that_a_chip_lacks_is_not_called_one_byte():
    pioneer = track("tiny-pioneer").part(3)
    place = pioneer.mission(0)
    bench = make_workbench(scenario=place.scenario, part=pioneer, start=place.baseline, mission=place)
    view = MemoryView(bench=bench)
    for chip in (choice.id for choice in next(each for each in pioneer.controls if each.id == "chip_id").choices):
        bench.param.update(chip_id=chip, placement="psram")
        if not bench.outcome().buildable:
            break

    assert "There is no such memory on this device" in view.head.text
    assert "1.00 B" not in view.head.text + view.bars.text
