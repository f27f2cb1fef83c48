"""Find the engines that the tests run in, and bring those that are missing.

Chromium is required. Firefox and WebKit are Playwright's own builds or, where those cannot be downloaded,
the distribution's; one that cannot be had at all is reported with the reason, and its tests are not run.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial
from importlib.metadata import version as version_of
from pathlib import Path

from console import BuildError, step
from paths import BUILD

__all__ = ["ENGINES", "Browser", "bring", "chromium", "find", "windowless"]

ENGINES = ("chromium", "firefox", "webkit")
NAMES = {"chromium": "Chromium", "firefox": "Firefox", "webkit": "WebKit"}
WINDOWLESS = "chromium-headless-shell"
CHROMIUMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
PACKAGES = {"firefox": ("firefox-esr",), "webkit": ("webkit2gtk-driver", "xvfb")}
FAILED = BUILD / "browsers-failed.json"
DOWNLOAD_S = 300
INSTALL_S = 600

# Starts each of Playwright's own builds that is on this machine: the version, or why it does not start.
OWN_BUILDS = """
import json, os, sys
from playwright.sync_api import sync_playwright
found = {}
with sync_playwright() as playwright:
    for engine in sys.argv[1:]:
        kind = getattr(playwright, engine)
        if not os.path.exists(kind.executable_path):
            continue
        try:
            browser = kind.launch(args=["--no-sandbox"] if engine == "chromium" else [])
            found[engine] = {"version": browser.version}
            browser.close()
        except Exception as error:
            found[engine] = {"fault": str(error)}
print(json.dumps(found))
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Browser:
    """An engine on this machine, or why it is missing."""

    engine: str
    version: str = ""
    origin: str = ""
    path: str = ""  # empty: Playwright's own build
    missing: str = ""

    @property
    def name(self) -> str:
        """Return the engine's name as people write it."""
        return NAMES[self.engine]


def bring(engines: tuple[str, ...] = ENGINES) -> None:
    """Bring the engines that are missing here.

    Raises:
        BuildError: there is no Chromium and none can be installed; says what to install.
    """
    for engine in engines:
        if engine == "chromium":
            chromium()
            _bring_windowless()
        elif not _own_build(engine).version:
            _bring_own(engine)
            if not _own_build(engine).version and not _distributed(engine):
                _bring_packages(engine, PACKAGES[engine], partial(_distributed, engine))


def find(engine: str) -> Browser:
    """Return the engine as it is on this machine now; nothing is installed."""
    if engine == "chromium" and (path := _first_on_path(CHROMIUMS)):
        return Browser(engine=engine, version=_version_of_program(path), origin=path, path=path)
    own = _own_build(engine)
    if own.version:
        return own
    if found := _distributed(engine):
        return found
    reasons = [own.missing or _failed().get(_own_key(engine)), _failed().get(_package_key(engine, PACKAGES.get(engine, ()))) or _cannot_install(engine)]
    return Browser(engine=engine, missing="; ".join(filter(None, reasons)))


def chromium() -> str | None:
    """Find or install a Chromium: its path, or None for the one that Playwright brought.

    Raises:
        BuildError: none is installed and none can be; says what to install.
    """
    if found := _first_on_path(CHROMIUMS):
        return found
    if _own_build("chromium").version:
        return None
    with step("no Chromium or Chrome here; asking Playwright to bring one"):
        _run([sys.executable, "-m", "playwright", "install", "chromium"], DOWNLOAD_S)
    _own_builds.cache_clear()
    if _own_build("chromium").version:
        return None
    if _as_root() is not None:
        with step("installing the distribution's chromium"):
            _apt("chromium")
        if found := _first_on_path(CHROMIUMS):
            return found
    raise BuildError(
        "The browser tests need Chromium or Chrome, and none could be installed. "
        "Install the package chromium (Debian, Ubuntu: sudo apt-get install chromium), then run the command again."
    )


def windowless() -> str | None:
    """Return the Chromium without windows, which opens a page in a third of the time; else what `chromium` finds.

    Playwright's own build is one of these; the distribution has it in a package beside its Chromium.
    """
    return shutil.which(WINDOWLESS) or find("chromium").path or None


def _bring_windowless() -> None:
    """Install it where the Chromium is the distribution's; without it the tests only take longer."""
    if _first_on_path(CHROMIUMS) and not shutil.which(WINDOWLESS):
        _bring_packages("chromium", (WINDOWLESS,), lambda: shutil.which(WINDOWLESS))


# Playwright's own builds


@cache
def _own_builds() -> dict[str, dict[str, str]]:
    run = subprocess.run([sys.executable, "-c", OWN_BUILDS, *ENGINES], capture_output=True, text=True, check=False)
    return json.loads(run.stdout) if run.returncode == 0 else {}


def _own_build(engine: str) -> Browser:
    found = _own_builds().get(engine, {})
    origin = f"Playwright {version_of('playwright')}'s own build"
    if fault := found.get("fault"):
        return Browser(engine=engine, missing=f"{origin} does not start: {fault.strip().splitlines()[0]}")
    return Browser(engine=engine, version=found.get("version", ""), origin=origin)


def _bring_own(engine: str) -> None:
    if _own_key(engine) in _failed():
        return
    with step(f"asking Playwright to bring {NAMES[engine]}"):
        fault = _run([sys.executable, "-m", "playwright", "install", engine], DOWNLOAD_S)
        if not fault and _as_root() is not None:
            # What the build needs of the system; where that fails, the build says so when it does not start.
            _run([*_as_root(), sys.executable, "-m", "playwright", "install-deps", engine], INSTALL_S)
    _own_builds.cache_clear()
    if fault:
        _remember(_own_key(engine), f"Playwright's own build could not be downloaded ({fault})")
    elif not _own_build(engine).version:
        _remember(_own_key(engine), _own_build(engine).missing or "Playwright's own build is not where it should be")


def _own_key(engine: str) -> str:
    return f"Playwright {version_of('playwright')}: {engine}"


# The distribution's packages


def _distributed(engine: str) -> Browser | None:
    if engine == "firefox" and (path := shutil.which("firefox-esr")):
        return Browser(engine=engine, version=_version_of_program(path), origin=path, path=path)
    if engine == "webkit" and all(map(shutil.which, ("WebKitWebDriver", "Xvfb"))):
        return _mini_browser()
    return None


def _mini_browser() -> Browser | None:
    """Return WebKitGTK's test browser, which lies in a folder of its own library's package."""
    if not shutil.which("dpkg"):
        return None
    listed = subprocess.run(["dpkg", "-S", "*/MiniBrowser"], capture_output=True, text=True, check=False).stdout
    for line in sorted(listed.splitlines(), reverse=True):
        package, _, path = line.partition(": ")
        if Path(path).is_file():
            words = ["dpkg-query", "-W", "-f", "${Version}", package]
            version = subprocess.run(words, capture_output=True, text=True, check=False).stdout.partition("-")[0]
            return Browser(engine="webkit", version=f"WebKitGTK {version}", origin=path, path=path)
    return None


def _bring_packages(engine: str, packages: tuple[str, ...], is_here: Callable[[], object]) -> None:
    """Install packages of the distribution, once; where that fails, the reason is kept."""
    key = _package_key(engine, packages)
    if key in _failed() or _cannot_install(engine):
        return
    with step(f"installing the distribution's {' and '.join(packages)}"):
        fault = _apt(*packages)
    if fault or not is_here():
        _remember(key, f"apt-get could not install {' '.join(packages)} ({fault or 'it brought no browser'})")


def _package_key(engine: str, packages: tuple[str, ...]) -> str:
    return f"{_own_key(engine)}: {' '.join(packages)}"


def _cannot_install(engine: str) -> str:
    if not shutil.which("apt-get"):
        return "there is no apt-get here"
    if _as_root() is None:
        return f"installing it needs root or sudo without a password: apt-get install {' '.join(PACKAGES.get(engine, ()))}"
    return ""


def _apt(*packages: str) -> str:
    """Install packages; return why that failed, or nothing."""
    command = [*_as_root(), "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq"]
    _run([*command, "update"], INSTALL_S)
    return _run([*command, "install", "-y", "--no-install-recommends", *packages], INSTALL_S)


@cache
def _as_root() -> list[str] | None:
    """Return the words that make a command run as root; None where it cannot without asking."""
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        return []
    if shutil.which("sudo") and subprocess.run(["sudo", "-n", "true"], capture_output=True, check=False).returncode == 0:
        return ["sudo", "-n"]
    return None


# Attempts


def _run(command: list[str], seconds: float) -> str:
    """Run a command and all that it starts for so long at most; return the line that says why it failed, or nothing."""
    with subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True
    ) as process:
        try:
            said, _ = process.communicate(timeout=seconds)
        except BaseException as error:
            _kill(process)
            if isinstance(error, subprocess.TimeoutExpired):
                return f"not done after {seconds:.0f} s"
            raise
    if process.returncode == 0:
        return ""
    lines = [line.strip() for line in said.splitlines() if line.strip()] or ["no reason given"]
    return next((line for line in lines if re.match(r"E(rror)?: ", line)), lines[-1])


def _kill(process: subprocess.Popen[str]) -> None:
    if hasattr(os, "killpg"):
        os.killpg(process.pid, signal.SIGKILL)
    else:
        process.kill()


def _failed() -> dict[str, str]:
    """Return the attempts that failed, so that the next run need not wait for them again."""
    return json.loads(FAILED.read_text(encoding="utf-8")) if FAILED.exists() else {}


def _remember(key: str, fault: str) -> None:
    """Keep why an attempt failed; what another version of Playwright failed at is forgotten."""
    now = {old: why for old, why in _failed().items() if old.startswith(f"Playwright {version_of('playwright')}: ")}
    BUILD.mkdir(exist_ok=True)
    told = f"{fault}; tried again once {FAILED.relative_to(BUILD.parent)} is deleted"
    FAILED.write_text(json.dumps(now | {key: told}, indent=1), encoding="utf-8")


# Programs


def _first_on_path(names: tuple[str, ...]) -> str | None:
    return next(filter(None, map(shutil.which, names)), None)


def _version_of_program(path: str) -> str:
    said = subprocess.run([path, "--version"], capture_output=True, text=True, check=False).stdout
    found = re.search(r"\d[\w.]*", said)
    return found[0] if found else "of unknown version"
