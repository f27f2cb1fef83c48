"""Put small faults into the package one at a time and say which the unit tests notice.

`python3 -m tests.faults draw --seed 20261129` draws sixty, or draws again where the lines of one are gone; `run` runs them.
`faults.json` holds them, with those that were left out because they change nothing that a learner, reader or caller can see.
"""

import argparse
import json
import re
import shutil
import subprocess
import tempfile
from dataclasses import asdict
from pathlib import Path

import pytest
from tests.faults.draw import Fault, Pool, applied, draw
from tests.faults.forked import run_tests
from tests.faults.near import near

ROOT = Path(__file__).parents[2]
LIST = Path(__file__).with_name("faults.json")
PACKAGE = Path("pylib") / "rooflab"
COUNT = 60


def main() -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(prog="tests.faults", description=__doc__)
    parser.add_argument("do", choices=("draw", "run"))
    parser.add_argument("--seed", type=int, default=20261129, help="of a new list")
    parser.add_argument("--list", type=Path, default=LIST, help="where the list is kept")
    parser.add_argument("--whole", action="store_true", help="run every unit test on each fault, not those near to it alone")
    parser.add_argument("--only", type=int, nargs="*", help="run these numbers alone")
    asked = parser.parse_args()
    if asked.do == "draw":
        _draw(asked.list, asked.seed)
    else:
        _run(asked.list, asked.only, whole=asked.whole)


def _draw(path: Path, seed: int) -> None:
    """Keep what stands, take out what was found to change nothing or is gone, and draw the next numbers in their place."""
    kept = json.loads(path.read_text()) if path.exists() else {"seed": seed, "next": 0, "faults": [], "left_out": []}
    pool = Pool(ROOT / PACKAGE)
    without = {each["number"] for each in kept["left_out"]}
    faults = []
    for each in (Fault(**one) for one in kept["faults"]):
        if each.number in without:
            continue
        if applied(pool.files.get(each.path, ""), each) is None:
            kept["left_out"].append({**asdict(each), "reason": "its lines are gone: another was drawn"})
        else:
            faults.append(each)
    while len(faults) < COUNT:
        lacking = [sum(each.number % 2 == half for each in faults) < COUNT // 2 for half in (0, 1)]
        number, kept["next"] = kept["next"], kept["next"] + 1
        if lacking[number % 2]:
            faults.append(draw(pool, kept["seed"], number, faults))
    kept["faults"] = [asdict(each) for each in faults]
    path.write_text(json.dumps(kept, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    print(f"seed {kept['seed']}: {len(faults)} faults, {len(kept['left_out'])} left out")


def _run(path: Path, only: list[int] | None, *, whole: bool) -> None:
    kept = json.loads(path.read_text())
    faults = [Fault(**each) for each in kept["faults"] if not only or each["number"] in only]
    with tempfile.TemporaryDirectory() as folder:
        copy, noticed = _copy(Path(folder) / "tree"), 0
        for place, fault in enumerate(faults):
            first = _first_failing(copy, fault, whole=whole)
            noticed += first is not None
            print(f"{fault.number:3} {fault.kind:14} {fault.path}:{fault.owner}: {f'noticed by {first}' if first else 'NOT NOTICED'}", flush=True)
            print(f"    {noticed} of {place + 1}", flush=True)
    print(f"seed {kept['seed']}: {noticed} of {len(faults)} noticed")


def _copy(to: Path) -> Path:
    """Copy what the tests read, without what is built."""
    listed = subprocess.run(["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True, check=True)
    for name in listed.stdout.splitlines():
        if (ROOT / name).is_file():
            (to / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, to / name)
    if (ROOT / "build").exists():
        (to / "build").symlink_to((ROOT / "build").resolve())
    return to


def _first_failing(copy: Path, fault: Fault, *, whole: bool) -> str | None:
    """Put the fault into the copy, run its tests, nearest first, and take it out again; say which noticed it, and not without it.

    Raises:
        SystemExit: the lines of the fault are gone, or the tree is red as it is.
    """
    place = copy / PACKAGE / fault.path
    source = place.read_text(encoding="utf-8")
    made = applied(source, fault)
    if made is None:
        raise SystemExit(f"The lines of fault {fault.number} are gone: draw again.")
    tests = [*near(copy, fault.path), *(["tests/unit"] if whole else [])]
    place.write_text(made, encoding="utf-8")
    try:
        code, printed = run_tests(copy, "-x", *tests)
    finally:
        place.write_text(source, encoding="utf-8")
    if code == 0:
        return None
    found = re.search(r"^(?:FAILED|ERROR) (.+?)(?: - .*)?$", printed, re.M)
    if found and run_tests(copy, found[1])[0] == pytest.ExitCode.TESTS_FAILED:
        raise SystemExit(f"{found[1]} fails without a fault too, so that nothing is shown: mend it first.")
    return found[1] if found else f"pytest's code {code}"


if __name__ == "__main__":
    main()
