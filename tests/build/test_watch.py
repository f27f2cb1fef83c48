"""The sources are watched: what changes is made again, what fails is told, and nothing of it is published."""

import json
import re
import time
import urllib.error
import urllib.request
import zipfile
from dataclasses import replace

import image
import pytest
import serve
import watched_site
from paths import DIST_BUNDLE, DIST_SITE
from watch import Watch, handler_of, serve_published

MARKS = (b"watch/watch.js", b"watch.css", b"watch/state", b"watch/news", b"Watched sources", b'type:"console"')


class Maker:
    """Stands in for the build of a site: notes what it was asked for, and fails as it is told."""

    def __init__(self):
        self.asked = []
        self.error = ""

    def __call__(self, version, rehearse):
        self.asked.append(rehearse)
        return self.error


@pytest.fixture
def source(tmp_path):
    path = tmp_path / "sources" / "model.py"
    path.parent.mkdir()
    path.write_text("ONE = 1\n")
    return path


@pytest.fixture
def maker():
    return Maker()


@pytest.fixture
def watch(source, maker):
    return Watch([source.parent], maker)


def save(watch, source, text):
    source.write_text(text)
    watch.turn()  # it sees the change
    watch.turn()  # nothing changes any more


def test_nothing_is_made_while_nothing_changes(watch, maker):
    watch.turn()
    watch.turn()

    assert maker.asked == []


@pytest.mark.parametrize("act", [lambda path: path.write_text("ONE = 11\n"), lambda path: path.unlink(), lambda path: (path.parent / "new.css").touch()], ids=["changed", "deleted", "added"])
def test_a_change_makes_the_next_version_once(watch, maker, source, act):
    before = watch.state.version
    act(source)
    for _ in range(4):
        watch.turn()

    assert maker.asked == [False]
    assert watch.state.version == before + 1


def test_a_syntax_error_is_told_with_file_and_line_and_makes_nothing(watch, maker, source, capsys):
    before = watch.state.version
    save(watch, source, "ONE = 1\nTWO = = 2\n")

    assert maker.asked == []
    assert watch.state.version == before
    assert 'model.py", line 2' in watch.state.error
    assert watch.state.error in capsys.readouterr().out


def test_a_failed_build_is_told_and_mended_by_the_next_change(watch, maker, source, capsys):
    maker.error = "page.js could not be bundled"
    save(watch, source, "ONE = 12\n")
    failed = watch.state
    maker.error = ""
    save(watch, source, "ONE = 123\n")

    assert failed.error == "page.js could not be bundled"
    assert failed.error in capsys.readouterr().out
    assert (watch.state.version, watch.state.error) == (failed.version + 1, "")


def test_a_file_that_stays_broken_is_named_when_another_changes(watch, source):
    save(watch, source, "ONE = = 1\n")
    save(watch, source.with_name("other.css"), "p {}")

    assert "model.py" in watch.state.error


def test_the_terminal_says_when_a_change_is_on_the_page(watch, source, capsys):
    save(watch, source, "ONE = 12\n")
    watch.tell({"shown": watch.state.version, "start": "fallback"})
    watch.tell({"shown": watch.state.version, "start": "fallback"})

    assert len(re.findall(r"on the page \d+\.\d s after it was saved", capsys.readouterr().out)) == 1


def test_the_terminal_says_what_failed_on_the_page_and_takes_no_commands_from_it(watch, capsys):
    watch.tell({"failed": watch.state.version, "what": "ValueError: no\x1b[2J\nhere"})

    assert "ValueError: no[2J\nhere" in capsys.readouterr().out


def test_news_of_an_older_page_is_not_of_this_version(watch, capsys):
    watch.tell({"failed": watch.state.version - 1, "what": "ValueError"})

    assert capsys.readouterr().out == ""


def test_a_module_that_the_library_lacks_is_found_by_one_rehearsal(watch, maker):
    for _ in range(2):
        watch.tell({"failed": watch.state.version, "what": "ModuleNotFoundError: No module named 'panel.widgets.player'"})
        watch.turn()

    assert maker.asked == [True]


@pytest.fixture
def address(watch, tmp_path):
    folder = tmp_path / "site"
    folder.mkdir()
    (folder / "index.html").write_text("the page")
    server = serve.start(folder, handler=handler_of(watch))
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def ask(address, news=None, **headers):
    data = None if news is None else json.dumps(news).encode()
    with urllib.request.urlopen(urllib.request.Request(address, data, headers)) as answer:
        return answer.read().decode(), answer.headers


def test_the_page_is_told_the_state_and_is_never_kept(address, watch):
    page, headers = ask(address + "/")

    assert page == "the page"
    assert "no-store" in headers.get_all("Cache-Control")
    assert json.loads(ask(address + "/watch/state")[0]) == {"version": watch.state.version, "working": "", "error": ""}
    assert "watch/state" in ask(address + "/watch/watch.js")[0]


def test_only_the_page_itself_may_write_to_the_terminal(address, watch, capsys):
    news = {"failed": watch.state.version, "what": "as it is"}
    ask(address + "/watch/news", news, Origin=address)
    for origin in ({"Origin": "http://elsewhere.invalid"}, {}):
        with pytest.raises(urllib.error.HTTPError, match="403"):
            ask(address + "/watch/news", {**news, "what": "forged"}, **origin)

    said = capsys.readouterr().out
    assert "as it is" in said
    assert "forged" not in said


def built_lab():
    if not image.STAMP.exists():
        pytest.fail("There is no image; run: python3 build_scripts test")
    return image.kept_lab()


@pytest.fixture(scope="module", params=["with its image", "without"])
def watched(request, tmp_path_factory):
    lab = built_lab() if request.param == "with its image" else replace(built_lab(), image=None)
    return lab, watched_site.assemble_watched(lab, tmp_path_factory.mktemp("watched") / "site", 7)


def test_the_watched_page_has_the_script_first_and_says_which_start_it_takes(watched):
    lab, site = watched
    page = (site / "index.html").read_text()
    script = re.search(r'<script src="watch/watch.js" data-version="7"( data-image)?>', page)

    assert script.start() < page.index("js/early.js") < page.index("js/boot-")
    assert bool(script[1]) == ("data-inflate" in page) == (lab.image is not None)
    assert ("image" in json.loads(re.search(r'id="lab-files">(.*?)</script>', page, re.S)[1])["files"]) == (lab.image is not None)
    assert "precache" not in (site / "sw.js").read_text()


def test_the_watched_worker_tells_the_page_its_console(watched):
    _, site = watched
    (worker,) = (site / "js").glob("worker-*.js")

    assert MARKS[-1] in worker.read_bytes()


def test_the_watcher_is_in_no_published_file():
    if not DIST_BUNDLE.exists():
        pytest.fail("There is no offline bundle; run: python3 build_scripts test")
    files = {path.name: path.read_bytes() for path in DIST_SITE.rglob("*") if path.is_file()}
    with zipfile.ZipFile(DIST_BUNDLE) as archive:
        files |= {name: archive.read(name) for name in archive.namelist()}

    assert len(files) > 50
    assert [(name, mark) for name, content in files.items() for mark in MARKS if mark in content] == []


def test_the_published_site_is_served_as_it_is(tmp_path, monkeypatch, capsys):
    (tmp_path / "index.html").write_text("as published")
    found = []

    def look_and_interrupt(_seconds):
        address = re.search(r"http://\S+/", capsys.readouterr().out)[0]
        with urllib.request.urlopen(address) as answer:
            found.append(answer.read().decode())
        raise KeyboardInterrupt

    monkeypatch.setattr(time, "sleep", look_and_interrupt)

    assert serve_published(tmp_path, port=0, open_browser=False) == 0
    assert found == ["as published"]
