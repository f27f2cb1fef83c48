"""The picture of tiles shows what the tiling does, and no time before it is proposed."""

from itertools import product

import pytest
from tests.unit.pictured import LEAST_S, MOST_S, labels, lasts_s, untold
from tests.unit.rendered_bench import quantities, shows

from rooflab.analyses.tiles import score_tiles
from rooflab.analyses.tiles_picture import UNPROPOSED, tiles_picture
from rooflab.lab.setting import setting
from rooflab.tracks import TRACKS

PARTS = [(each.id, part.number) for each in TRACKS for part in each.parts if part.tiling]
each_part = pytest.mark.parametrize(("track_id", "number"), PARTS, ids=[f"{track}-{number}" for track, number in PARTS])


def problem_of(track_id, number, variant=0):
    place = setting(track_id, number, variant)
    return place.part.tiling(place.scenario, place.start)


def tilings(track_id, number):
    for variant in (0, 1):
        problem = problem_of(track_id, number, variant)
        for rows, columns, splits in product(problem.tile_rows, problem.tile_columns, problem.splits):
            yield problem, score_tiles(problem, tile_rows=rows, tile_columns=columns, splits=splits)


def test_every_track_has_tiles():
    assert len(PARTS) == len(TRACKS)


@each_part
def test_tiles_waves_and_idle_processors_are_those_of_the_tiling(track_id, number):
    for problem, tiles in tilings(track_id, number):
        cut = tiles_picture(problem, tiles, timed=True).numbers["tiles"]

        assert (cut["count"], cut["waves"], cut["splits"]) == (tiles.tiles_count, tiles.waves_count, tiles.splits)
        assert (cut["waves"] - 1) * problem.slots + cut["last"] == cut["count"] and cut["last"] + cut["idle"] == problem.slots
        assert cut["count"] / (cut["waves"] * problem.slots) == pytest.approx(float(tiles.wave_fraction)) == cut["busy_fraction"]
        assert cut["beyond_fraction"] == pytest.approx(1 - float(tiles.tile_fraction))
        assert cut["fits"] == bool(tiles.fits) and quantities(cut["needed_label"])[0].is_(tiles.needed_bytes, "B")
        assert cut["idle"] == 0 or cut["idle_label"].startswith(f"{cut['idle']} of {problem.slots} idle")


@each_part
def test_times_are_those_of_the_tiling_and_the_longest_binds(track_id, number):
    for problem, tiles in tilings(track_id, number):
        times = tiles_picture(problem, tiles, timed=True).numbers["times"]
        if not tiles.fits:
            assert times is None
            continue
        seconds = {"waves": tiles.waves_s, problem.memory.name: tiles.memory_s} | ({problem.cache.name: tiles.cache_s} if problem.cache else {})

        assert {each["name"]: each["s"] for each in times["lanes"]} == seconds
        assert all(shows(each["label"], each["s"], "s") for each in times["lanes"])
        (binds,) = (each for each in times["lanes"] if each["binds"])
        assert binds["s"] == max(seconds.values()) and times["binds_label"].startswith(binds["name"])
        assert times["kernel_s"] == tiles.kernel_s >= binds["s"] and shows(times["kernel_label"], tiles.kernel_s, "s")
        assert shows(times["moved_label"], tiles.moved_bytes, "B")


@each_part
def test_a_tiling_that_is_not_proposed_tells_no_time(track_id, number):
    for problem, tiles in tilings(track_id, number):
        picture = tiles_picture(problem, tiles, timed=False)
        told = [picture.title, picture.words, *(value for _, value in picture.rows), *labels(picture.numbers)]

        assert picture.numbers["times"] is None
        assert not [each for text in told for each in quantities(text) if each.unit == "s"]
        if tiles.fits:
            assert UNPROPOSED in picture.words
            assert picture.pace.period_s == tiles.waves_count and picture.pace.words[picture.pace.chosen] == "1 wave here is 2 s"
            assert picture.pace.rungs_s[picture.pace.chosen] == 1 / 2


@each_part
def test_a_kernel_lasts_two_to_six_seconds_at_the_pace_that_is_named(track_id, number):
    for problem, tiles in tilings(track_id, number):
        picture = tiles_picture(problem, tiles, timed=True)
        if tiles.fits:
            assert picture.pace.period_s == tiles.kernel_s and LEAST_S <= lasts_s(picture) <= MOST_S
        else:
            assert picture.pace is None and "cannot run" in picture.title


@each_part
def test_words_and_table_tell_all_that_is_drawn(track_id, number):
    for problem, tiles in tilings(track_id, number):
        for timed in (True, False):
            assert not untold(tiles_picture(problem, tiles, timed=timed))


@each_part
def test_before_all_sizes_are_chosen_there_is_the_product_alone(track_id, number):
    problem = problem_of(track_id, number)
    picture = tiles_picture(problem, None, timed=False)

    assert picture.numbers["tiles"] is None and picture.pace is None and "choose" in picture.title
    assert picture.numbers["product"]["rows"] == problem.rows and picture.numbers["product"]["columns"] == problem.columns
