"""The open bench before a track is done: an entry, which report, class and replay show."""

import json

import pytest
from tests.unit.lab.conftest import track  # noqa: F401
from tests.unit.lab.fakes import studied

from rooflab.lab.classroom.classroom import classroom, doubts
from rooflab.lab.classroom.replay import AGREES, replay, verdict_words
from rooflab.lab.ledger.entries import BenchOpened
from rooflab.lab.ledger.ledger import Ledger, append, dump, parse, summary
from rooflab.lab.report.report import report
from rooflab.lab.report.report_text import to_json, to_markdown
from rooflab.lab.steps.open_bench import bench_is_open, opened_words

AT = "2026-11-29T10:00:00Z"
WORDS = "The open bench was opened before a track was done, on 2026-11-29 (entry 1)"


@pytest.fixture
def fresh():
    return Ledger.new("2026-11-29T09:00:00Z", "session")


@pytest.fixture
def opened(fresh):
    return append(fresh, BenchOpened(at=AT))


def test_it_is_closed_to_who_has_done_nothing(fresh):
    assert not bench_is_open(fresh)
    assert opened_words(fresh) == ""


def test_it_opens_with_the_first_track_that_is_done_without_an_entry(track):  # noqa: F811
    done = studied(track)

    assert bench_is_open(done)
    assert opened_words(done) == ""


def test_it_opens_by_an_entry(opened):
    assert bench_is_open(opened)


def test_the_entry_is_read_as_it_was_written(opened):
    text = dump(opened)

    assert parse(text).entries == opened.entries
    assert json.loads(text)["entries"] == [{"kind": "bench_opened", "seq": 0, "at": AT, "version": 1, "model": 0}]
    assert summary(parse(text)).unknown_count == 0


def test_the_report_says_it_in_every_form(opened):
    made = report(opened)

    assert made.bench_opened.startswith(WORDS)
    assert WORDS in to_markdown(made)
    assert json.loads(to_json(made, opened))["report"]["bench_opened"].startswith(WORDS)


def test_the_class_says_it_of_the_learner(opened, fresh):
    found = classroom([("a.json", dump(opened)), ("b.json", dump(append(fresh, BenchOpened(at=AT))).replace('"session"', '"other"'))])

    assert "open bench opened before a track was done" in doubts(found.learners[0])


def test_a_replay_says_it_and_finds_nothing_wrong(opened):
    again = replay(opened)

    assert again.verdict == AGREES
    assert any(each.startswith(WORDS) for each in verdict_words(again))
