"""Engines for the tests: what is here is used, what is not is brought once, what cannot be had is named with the reason."""

import json
import select
import socket
import sys
from functools import cache

import browsers
import pytest
from console import BuildError


@pytest.fixture
def bare(monkeypatch, tmp_path):
    """A machine with nothing on it where nothing can be downloaded; what was tried is in the list."""
    tried = []
    monkeypatch.setattr(browsers.shutil, "which", lambda name: None)
    own_builds(monkeypatch)
    monkeypatch.setattr(browsers, "_run", lambda command, seconds: tried.append(command) or "Error: getaddrinfo ENOTFOUND")
    monkeypatch.setattr(browsers, "_as_root", lambda: None)
    monkeypatch.setattr(browsers, "BUILD", tmp_path / "build")
    monkeypatch.setattr(browsers, "FAILED", tmp_path / "build" / "failed.json")
    return tried


def own_builds(monkeypatch, **found):
    monkeypatch.setattr(browsers, "_own_builds", cache(lambda: found))


def with_apt(monkeypatch, here):
    """Let the machine have apt-get and the programs of the list, which may grow."""
    monkeypatch.setattr(browsers, "_as_root", lambda: [])
    monkeypatch.setattr(browsers.shutil, "which", lambda name: f"/usr/bin/{name}" if name in {"apt-get", *here} else None)


def test_without_any_chromium_the_suite_stops_with_a_sentence(bare):
    with pytest.raises(BuildError, match="install chromium"):
        browsers.bring()


def test_an_engine_that_cannot_be_had_is_named_with_every_reason(bare):
    browsers.bring(("firefox",))
    found = browsers.find("firefox")

    assert (found.version, found.path) == ("", "")
    assert "ENOTFOUND" in found.missing and "no apt-get here" in found.missing


def test_without_root_the_command_to_install_it_is_named(bare, monkeypatch):
    with_apt(monkeypatch, [])
    monkeypatch.setattr(browsers, "_as_root", lambda: None)
    browsers.bring(("webkit",))

    assert "apt-get install webkit2gtk-driver xvfb" in browsers.find("webkit").missing


def test_a_download_that_failed_is_not_waited_for_again(bare):
    browsers.bring(("firefox", "webkit"))
    first = len(bare)
    browsers.bring(("firefox", "webkit"))

    assert (first, len(bare)) == (2, 2)


def test_another_version_of_playwright_tries_again_and_forgets_the_old_failures(bare, monkeypatch):
    browsers.bring(("firefox",))
    monkeypatch.setattr(browsers, "version_of", lambda name: "9.9.9")
    browsers.bring(("firefox",))

    assert len(bare) == 2
    assert list(json.loads(browsers.FAILED.read_text())) == ["Playwright 9.9.9: firefox"]


def test_the_chromium_without_windows_is_asked_for_once_beside_the_distributions(bare, monkeypatch):
    with_apt(monkeypatch, ["chromium"])
    for _ in range(2):
        browsers.bring(("chromium",))

    assert [command[-1] for command in bare if "install" in command] == ["chromium-headless-shell"]


def test_the_chromium_without_windows_is_used_where_it_is(bare, monkeypatch):
    with_apt(monkeypatch, ["chromium", "chromium-headless-shell"])
    browsers.bring(("chromium",))

    assert (browsers.windowless(), bare) == ("/usr/bin/chromium-headless-shell", [])


def test_a_package_that_the_distribution_lacks_is_asked_for_once(bare, monkeypatch):
    with_apt(monkeypatch, [])
    for _ in range(2):
        browsers.bring(("firefox",))

    assert sum("firefox-esr" in command for command in bare) == 1
    assert "apt-get could not install firefox-esr" in browsers.find("firefox").missing


def test_what_is_installed_needs_no_package(bare, monkeypatch):
    with_apt(monkeypatch, ["firefox-esr"])
    monkeypatch.setattr(browsers, "_version_of_program", lambda path: "153.8.0esr")
    browsers.bring(("firefox",))

    assert not any("apt-get" in command for command in bare)
    assert browsers.find("firefox").path == "/usr/bin/firefox-esr"


def test_playwrights_own_build_comes_first(bare, monkeypatch):
    with_apt(monkeypatch, ["firefox-esr"])
    own_builds(monkeypatch, firefox={"version": "154.0"})
    browsers.bring(("firefox",))

    assert bare == []
    assert (browsers.find("firefox").version, browsers.find("firefox").path) == ("154.0", "")


def test_an_own_build_that_does_not_start_gives_way_to_the_distributions(bare, monkeypatch):
    with_apt(monkeypatch, [])
    own_builds(monkeypatch, webkit={"fault": "Host system is missing dependencies\nlist"})
    browsers.bring(("webkit",))

    assert any("webkit2gtk-driver" in command for command in bare)
    assert "does not start: Host system is missing dependencies" in browsers.find("webkit").missing


def test_an_attempt_ends_with_all_that_it_started():
    with socket.create_server(("127.0.0.1", 0)) as listening:
        child = f"import socket, time; open = socket.create_connection({listening.getsockname()!r}); time.sleep(600)"
        program = f"import subprocess, sys; subprocess.Popen([sys.executable, '-c', {child!r}]).wait()"
        seconds, reached = 1, []
        while not reached:  # again with more time, where a busy machine had not even started the child
            seconds *= 2
            assert browsers._run([sys.executable, "-c", program], seconds) == f"not done after {seconds} s"
            reached, _, _ = select.select([listening], [], [], 0)

        connection, _ = listening.accept()
        assert connection.recv(1) == b""  # the child is gone; else this waits for pytest's own limit
        connection.close()


def test_an_attempt_that_fails_gives_the_line_that_says_why():
    program = "print('Downloading'); print('Error: no such host'); print('  at ChildProcess'); raise SystemExit(1)"

    assert browsers._run([sys.executable, "-c", program], 600) == "Error: no such host"
