"""What a failure is made of: the largest share of the figure that is missed, in every track."""

import pytest

from rooflab.analyses.mechanism import failures, largest_words
from rooflab.evaluate import evaluate
from rooflab.lab.setting import setting
from rooflab.tracks import TRACKS
from rooflab.units import format_bytes, format_fraction, format_quantity

VARIANTS = range(4)
MISSIONS = [(each.id, part.number, variant) for each in TRACKS for part in each.parts if part.mission for variant in VARIANTS]
# Figures that are no sum, or follow from one of another unit.
NO_SUM = {"images_per_s", "p999_s", "translation_delay_s", "stale_s", "footprint_bytes", "pixels_count", "equivalent_states_count", "speech_lost_fraction", "miss_fraction"}


@pytest.mark.parametrize(("track", "number", "variant"), MISSIONS)
def test_parts_of_a_figure_add_up_to_it_and_failures_name_the_largest(track, number, variant):
    mission = setting(track, number, variant).mission
    for design in (mission.baseline, mission.tempting):
        outcome = evaluate(mission.scenario, design)
        told = failures(outcome)
        assert len(told) == len(outcome.reasons)
        for words, reason in zip(told, outcome.reasons, strict=True):
            assert words.startswith(reason)
        for each in outcome.targets:
            quantity = each.target.quantity
            parts = outcome.made_of(quantity)
            assert bool(parts) or quantity in NO_SUM
            if parts and quantity not in NO_SUM and quantity != "heat_fraction":
                assert sum(value for _, value in parts) == pytest.approx(float(each.value))
            if parts and not each.met and outcome.cannot_run is None:
                name = max(parts, key=lambda part: part[1])[0]
                assert any(each.words in words and f"Largest share: {name}," in words for words in told)


def test_what_does_not_fit_names_the_largest_holder_of_memory():
    mission = setting("cloud-titan", 2, 0).mission
    outcome = evaluate(mission.scenario, mission.tempting)
    name, held = max(outcome.capacity.parts, key=lambda part: part[1])

    assert not outcome.capacity.fits
    share = format_fraction(float(held / outcome.capacity.needed_bytes))
    assert failures(outcome)[0].endswith(f"Largest share: {name}, {format_bytes(held)} ({share}).")


def test_a_batch_waits_for_its_last_image_most_of_all():
    """Cameras deliver one after another: the first image of a batch waits for all the others."""
    mission = setting("edge-guardian", 2, 0).mission
    outcome = evaluate(mission.scenario, mission.tempting)

    waited_s = (mission.tempting.batch - 1) * mission.scenario.rig.image_gap_s
    assert f"the wait for the rest of the batch, {format_quantity(waited_s, 's')}" in largest_words(outcome, "p999_s", "s")
