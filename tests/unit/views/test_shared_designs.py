"""A design in a link: copied from the bench, laid on another, and silent while its part is locked."""

import pytest
from tests.unit.views.test_app import Lab, early, serialised

from rooflab.lab.ledger.entries import Prediction
from rooflab.lab.setting import setting
from rooflab.lab.steps.share import encode
from rooflab.tracks import TRACKS

FIRST = TRACKS[0].id


def changed(lab, **values):
    """Return the lab's start with these values, which is what a link carries."""
    return lab.app.lesson.place.start.replace(**values)


@pytest.fixture
def link():
    """A link to another batch on the first bench."""
    return encode(FIRST, 1, 0, changed(Lab(), batch=8))


def test_the_bench_hands_out_a_link_to_its_design(link):
    lab, handed = Lab().go("explore"), []
    lab.app.hand_out = lambda kind, /, **fields: handed.append((kind, fields))
    lab.app.bench.take(changed(lab, batch=8))

    lab.app.bench.param.trigger("share")

    assert handed == [("copy", {"text": link})]


def test_a_link_lays_its_design_on_an_open_bench(link):
    lab = Lab().go("explore")

    lab.app.follow(link)

    assert lab.app.bench.batch == 8
    assert "The link's design lies on your bench" in lab.lasting[-1]


def test_a_link_is_followed_at_the_start_too(link):
    text = Lab().go("explore").store.text

    assert Lab(text, fragment=link).app.bench.batch == 8


def test_a_link_to_a_locked_bench_waits_for_the_predictions_and_says_nothing_of_itself(link):
    other = encode(FIRST, 1, 0, changed(Lab(), batch=16))
    labs = [Lab(fragment=each) for each in ("", link, other)]

    assert len({serialised(lab.app) for lab in labs}) == 1
    assert labs[1].lasting == labs[2].lasting
    assert "until your predictions there are in" in labs[1].lasting[0]
    labs[1].predict()
    assert labs[1].app.bench.batch == 8


def test_a_design_laid_once_does_not_come_back(link):
    lab = Lab(fragment=link).go("explore")
    lab.app.bench.take(lab.app.lesson.place.start)

    lab.app.bench.pin("mbu")

    assert lab.app.bench.design() == lab.app.lesson.place.start


def test_a_link_to_a_locked_part_waits_where_the_learner_is():
    place = setting("mobile-nomad", 2, 0)
    lab = Lab().go("explore")

    lab.app.follow(encode("mobile-nomad", 2, 0, place.start))

    assert lab.app.where.track_id == FIRST
    assert "That part is locked" in lab.lasting[-1]
    assert place.track.name in lab.lasting[-1]


def test_an_empty_ledger_takes_the_variant_of_the_link():
    third = Lab(fragment="#variant=3")

    lab = Lab(fragment=encode(FIRST, 1, 3, changed(third, batch=8)))

    assert lab.app.ledger.variant == 3


def test_a_design_of_another_variant_is_laid_with_the_learners_own_numbers():
    third = Lab(fragment="#variant=3")
    lab = Lab().go("explore")

    lab.app.follow(encode(FIRST, 1, 3, changed(third, batch=8)))

    assert lab.app.bench.batch == 8
    assert "made in variant 3, and you work in variant 0" in lab.lasting[-1]


def cut(link):
    return link[:-3]


def forged(link):
    return link[:20] + ("x" if link[20] != "x" else "y") + link[21:]


@pytest.mark.parametrize("damage", [cut, forged], ids=["cut off", "forged"])
def test_a_damaged_link_is_said_and_changes_nothing(link, damage):
    lab = Lab().go("explore")
    before = lab.app.bench.design()

    lab.app.follow(damage(link))

    assert lab.app.bench.design() == before
    assert "cut off or changed on its way" in lab.lasting[-1]


def test_an_early_lock_counts_in_the_variant_of_the_link():
    third = Lab(fragment="#variant=3")
    link = encode(FIRST, 1, 3, changed(third, batch=8))

    lab = Lab(early=early(("slope", 2, 3), ("half-the-bits", "small", 0.9)), fragment=link)

    assert len(lab.entries(Prediction)) == 2
    assert (lab.app.ledger.variant, lab.app.bench.batch) == (3, 8)
