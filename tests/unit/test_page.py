"""The page's own modules that need no browser, by Node's runner on `tests/page`; its words are shown where one fails."""

import re
import subprocess
from pathlib import Path

from setup import node

PAGE = Path(__file__).parents[1] / "page"


def test_the_modules_of_the_page():
    files = sorted(PAGE.glob("*.test.mjs"))
    done = subprocess.run([node(), "--test", "--test-reporter=spec", *files], capture_output=True, text=True, check=False)
    print(done.stdout, done.stderr)

    counts = {name: int(count) for name, count in re.findall(r"^\S+ (tests|pass|skipped|todo) (\d+)$", done.stdout, re.M)}
    assert done.returncode == 0
    assert counts["pass"] == counts["tests"] >= len(files)
