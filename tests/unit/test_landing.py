"""The landing: its words come from the package and hold in every variant, and its drawings are to scale."""

import re
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest
from console import BuildError
from landing import landing

from rooflab.evaluate import evaluate
from rooflab.tracks import TRACKS, track
from rooflab.tracks.cloud_titan.scenario import THROUGHPUT_SHARE
from rooflab.tracks.edge_guardian.scenario import DEADLINE_S, SPIKE_S, plain_s
from rooflab.tracks.mobile_nomad.scenario import FRAMES_PER_S
from rooflab.tracks.tiny_pioneer.scenario import DELAY_S, POWER_W

SOURCE = Path(__file__).parents[2] / "site" / "landing.html"
VARIANTS = range(12)


@pytest.fixture(scope="module")
def made():
    """The landing as the build puts it into the page; it is well-formed but for what HTML leaves out."""
    return ElementTree.fromstring(re.sub(r"(<input[^>]*?)( checked)?>", r"\1/>", landing()))


def crises(track_id):
    for variant in VARIANTS:
        found = track(track_id).scenario(variant)
        yield found, evaluate(found, found.crisis)


def drawing(made, track_id):
    """Return what is drawn of a track, by class."""
    card = next(each for each in made.iter("label") if each.find("input").get("value") == track_id)
    return {each.get("class"): each.get("d") for each in card.iter("path")}


def test_each_track_is_a_card_with_its_name_its_role_and_its_symptom(made):
    cards = {each.find("input").get("value"): [span.text for span in each.iter("span")] for each in made.iter("label")}

    assert cards == {each.id: [each.name, each.persona, each.symptom] for each in TRACKS}


def test_a_card_is_named_by_track_and_role_and_described_by_the_symptom(made):
    words = {each.get("id"): each.text for each in made.iter("span") if each.get("id")}
    fields = {each.get("value"): each for each in made.iter("input")}
    named = {name: [words[id_] for id_ in each.get("aria-labelledby").split()] for name, each in fields.items()}

    assert named == {each.id: [each.name, each.persona] for each in TRACKS}
    assert {name: words[each.get("aria-describedby")] for name, each in fields.items()} == {each.id: each.symptom for each in TRACKS}


def test_what_has_another_track_than_the_package_is_not_built(tmp_path):
    (tmp_path / "landing.html").write_text(SOURCE.read_text().replace("track:tiny-pioneer", "track:deep-diver"))

    with pytest.raises(BuildError, match="a place for each of cloud-titan, .*, tiny-pioneer"):
        landing(tmp_path)


def test_no_figure_is_typed_into_the_landing():
    words = re.sub(r"<[^>]*>", " ", SOURCE.read_text())

    assert re.findall(r"\d", words) == []


def test_the_service_has_that_share_of_its_baseline_in_every_variant():
    shares = [float(outcome.tokens_per_s / found.targets[0].limit) for found, outcome in crises("cloud-titan")]

    assert f"{THROUGHPUT_SHARE:.0%}" in track("cloud-titan").symptom
    assert max(abs(share - THROUGHPUT_SHARE) for share in shares) < 0.02


def test_the_loop_has_that_deadline_and_the_lab_first_shows_that_spike():
    assert {found.deadline_s for found, _ in crises("edge-guardian")} == {DEADLINE_S}
    assert track("edge-guardian").scenario(0).spikes[0].extra_s == pytest.approx(SPIKE_S, rel=0.01)
    assert re.findall(r"\d+", track("edge-guardian").symptom) == [f"{1e3 * DEADLINE_S:.0f}", f"{1e3 * SPIKE_S:.0f}"]


def test_the_glasses_reach_that_limit_within_minutes_in_every_variant():
    limits = {found.body.limit_c for found, _ in crises("mobile-nomad")}

    assert re.findall(r"\d+", track("mobile-nomad").symptom) == [f"{FRAMES_PER_S:.0f}", *(f"{each:.0f}" for each in limits)]
    assert all(60 < outcome.throttle_s < 20 * 60 for _, outcome in crises("mobile-nomad"))


def test_the_earbud_has_that_budget_and_overdraws_it_in_every_variant():
    budgets = {tuple(each.limit for each in found.targets) for found, _ in crises("tiny-pioneer")}

    assert budgets == {(DELAY_S, POWER_W)}
    assert re.findall(r"\d+", track("tiny-pioneer").symptom) == [f"{1e3 * DELAY_S:.0f}", f"{1e3 * POWER_W:.0f}"]
    assert all(outcome.power_w > 10 * POWER_W for _, outcome in crises("tiny-pioneer"))


def test_the_tokens_are_drawn_at_that_share_of_the_baseline(made):
    drawn = drawing(made, "cloud-titan")

    assert drawn["late"].count("M") / drawn["fine"].count("M") == THROUGHPUT_SHARE


def test_the_slow_frame_is_drawn_to_the_scale_of_the_deadline(made):
    drawn = drawing(made, "edge-guardian")
    ground, top = (int(each) for each in re.match(r"M\d+ (\d+)V(\d+)", drawn["late"]).groups())
    line = int(re.match(r"M\d+ (\d+)", drawn["goal"])[1])
    usual = [int(each) for each in re.findall(r"V(\d+)h", drawn["fine"])]
    usual_s = plain_s(track("edge-guardian").scenario(0))

    assert (ground - top) / (ground - line) == pytest.approx((SPIKE_S + usual_s) / DEADLINE_S, rel=0.02)
    assert sum(ground - each for each in usual) / len(usual) / (ground - line) == pytest.approx(usual_s / DEADLINE_S, rel=0.03)
