"""The roof and the tiles beside the system's own picture: what is offered, and what the page is told of them."""

import pytest
from tests.unit.rendered_bench import quantities

from rooflab.analyses.tiles import best_tiles
from rooflab.lab.setting import setting
from rooflab.workbench import make_workbench
from rooflab.workbench.boards import TilingForm
from rooflab.workbench.pictures import PictureBoard

TRACKS = ("cloud-titan", "edge-guardian", "mobile-nomad", "tiny-pioneer")
each_track = pytest.mark.parametrize("track_id", TRACKS)


class Page:
    """What a page was told, in order."""

    def __init__(self, track_id, number, name=""):
        self.place = place = setting(track_id, number, 0)
        self.told = []
        self.bench = make_workbench(scenario=place.scenario, part=place.part, start=place.start, mission=place.mission)
        self.board = PictureBoard(bench=self.bench, tell=lambda kind, **fields: self.told.append(fields))
        self.board.shown = True
        if name:
            self.board.look(name=name)

    @property
    def last(self):
        return self.told[-1]

    def cut(self):
        """Begin a tiling of the part's product."""
        self.bench.tiling = TilingForm(problem=self.place.part.tiling(self.place.scenario, self.place.start))
        return self.bench.tiling


def offered(message):
    return [each["id"] for each in message["choices"]]


@each_track
@pytest.mark.parametrize("number", [1, 2, 3])
def test_the_roof_is_offered_everywhere_and_follows_the_layer(track_id, number):
    page = Page(track_id, number, "roof")
    ids, names = page.bench.outcome().operators.ids, page.bench.outcome().operators.names
    other = next(each for each in ids if each != page.bench.layer)

    assert page.last["picture"]["kind"] == "roof" and "roof" in offered(page.last)
    page.bench.layer = other
    assert page.last["picture"]["numbers"]["layer"] == names[ids.index(other)]


@each_track
def test_a_roof_that_is_supposed_rises_above_the_real_one(track_id):
    page = Page(track_id, 1, "roof")
    assert not page.last["picture"]["numbers"]["supposed"]

    page.bench.peak_factor = 4

    numbers = page.last["picture"]["numbers"]
    own, real = numbers["roofs"]
    assert numbers["supposed"] and "× 4: the roof rises" in page.last["picture"]["title"]
    assert own["peak_flop_per_s"] == pytest.approx(4 * real["peak_flop_per_s"]) and own["bytes_per_s"] == real["bytes_per_s"]


def test_the_ghost_of_the_roof_is_the_design_that_was_pinned():
    page = Page("mobile-nomad", 1, "roof")
    before = page.last["picture"]["numbers"]
    page.bench.marked = page.bench.current
    assert page.last["was"] is None

    page.bench.precision = "w8a8"

    assert page.last["was"]["dots"] == before["dots"] and page.last["was"]["roofs"] == before["roofs"][:1]
    assert page.last["picture"]["numbers"]["dots"] != before["dots"]


@each_track
def test_tiles_are_offered_once_a_tiling_is_under_way_and_follow_its_sizes(track_id):
    page = Page(track_id, 2)
    assert "tiles" not in offered(page.last)
    form = page.cut()

    assert "tiles" in offered(page.last) and page.last["chosen"] != "tiles"
    page.board.look(name="tiles")
    form.tile_rows = form.problem.tile_rows[0]
    assert page.last["chosen"] == "tiles" and "choose" in page.last["picture"]["title"]
    form.param.update(tile_columns=form.problem.tile_columns[0], split=form.problem.splits[0])
    assert page.last["picture"]["numbers"]["tiles"]["tile_rows"] == form.tile_rows


@each_track
def test_tiles_have_no_time_before_they_are_proposed_and_are_a_ghost_once_others_are_chosen(track_id):
    page = Page(track_id, 2, "tiles")
    form = page.cut()
    best = best_tiles(form.problem).best
    sizes = {"tile_rows": best.tile_rows, "tile_columns": best.tile_columns, "split": best.splits}
    form.param.update(**sizes)
    assert page.last["picture"]["numbers"]["times"] is None
    assert not [each for each in quantities(page.last["picture"]["words"]) if each.unit == "s"]

    form.propose(form.problem, **sizes)
    assert page.last["picture"]["numbers"]["times"]["kernel_s"] == best.kernel_s and page.last["was"] is None

    form.tile_rows = next(each for each in form.problem.tile_rows if each != best.tile_rows)
    assert page.last["picture"]["numbers"]["times"] is None
    assert page.last["was"]["tiles"]["label"] != page.last["picture"]["numbers"]["tiles"]["label"]
    assert page.last["was"]["times"]["kernel_s"] == best.kernel_s


def test_the_ghost_is_drawn_once_for_a_design_and_a_look():
    page = Page("edge-guardian", 1)
    page.bench.marked = page.place.start
    page.bench.dispatch = "graph"
    first = page.last["was"]
    page.bench.input_path = "pinned"

    assert page.last["was"] is first
    page.bench.frame = 3
    assert page.last["was"] is not first
