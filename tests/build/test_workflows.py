"""The workflows say what GitHub can run, with commands that exist and no more rights than they need."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
MAY_WRITE = {("pages", "deploy"), ("release", "publish")}


def steps_of(workflow):
    return [step for job in workflow["jobs"].values() for step in job.get("steps", ())]


def loaded(path):
    # The safe loader reads the key `on` as true, as YAML 1.1 does.
    return yaml.safe_load(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_every_job_ends_and_may_only_read(path):
    workflow = loaded(path)
    writing = {name for name, job in workflow["jobs"].items() if "permissions" in job}

    assert workflow[True] and workflow["permissions"] == {"contents": "read"}
    own = [job for job in workflow["jobs"].values() if job.get("uses") != "./.github/workflows/test.yml"]
    assert all(job["timeout-minutes"] <= 60 for job in own)
    assert {(path.stem, name) for name in writing} <= MAY_WRITE


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_a_job_that_may_write_runs_no_code_of_the_repository(path):
    for name, job in loaded(path)["jobs"].items():
        if "permissions" in job:
            words = " ".join(step.get("run", "") + step.get("uses", "") for step in job["steps"])
            assert "checkout" not in words and "python" not in words, name


@pytest.mark.parametrize(("name", "between"), [("pages", "pack"), ("release", "gather")])
def test_nothing_is_published_before_every_engine_has_passed(name, between):
    jobs = loaded(ROOT / ".github" / "workflows" / f"{name}.yml")["jobs"]

    assert jobs["test"]["uses"] == "./.github/workflows/test.yml"
    assert jobs[between]["needs"] == "test"
    assert {job["needs"] for key, job in jobs.items() if key not in ("test", between)} == {between}


def test_what_is_published_is_built_once_and_is_what_was_tested():
    suite = loaded(ROOT / ".github" / "workflows" / "test.yml")["jobs"]["suite"]["steps"]
    done = [step.get("run") or (step["uses"].partition("@")[0], step.get("with", {}).get("path")) for step in suite]
    commands = [step["run"] for path in WORKFLOWS for step in steps_of(loaded(path)) if "build_scripts" in step.get("run", "")]

    assert commands == ["python3 build_scripts build", "python3 build_scripts test"]
    assert done.index(("actions/upload-artifact", "dist/")) > done.index("python3 build_scripts test")
    for name in ("pages", "release"):
        steps = steps_of(loaded(ROOT / ".github" / "workflows" / f"{name}.yml"))
        taken = [step["with"]["name"] for step in steps if step.get("uses", "").startswith("actions/download-artifact@")]
        assert "dist" in taken, name


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_actions_are_those_of_github_at_a_version(path):
    used = [step["uses"] for step in steps_of(loaded(path)) if "uses" in step]

    assert [each for each in used if not re.fullmatch(r"actions/[a-z-]+@(v\d+|[0-9a-f]{40})", each)] == []


def test_the_commands_of_the_build_exist():
    text = "\n".join(path.read_text(encoding="utf-8") for path in WORKFLOWS)
    words = set(re.findall(r"python3 build_scripts (\w+)", text))
    known = subprocess.run([sys.executable, "build_scripts", "--help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout

    assert words == {"build", "test"}
    assert all(re.search(rf"\b{word}\b", known) for word in words)


def test_dependabot_reads_the_manifests_that_there_are():
    settings = loaded(ROOT / ".github" / "dependabot.yml")

    assert {each["package-ecosystem"] for each in settings["updates"]} == {"github-actions", "pip"}
    assert (ROOT / "pyproject.toml").exists()


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_every_path_that_is_tested_is_there(path):
    named = re.findall(r"\btests/[\w/.]+", path.read_text(encoding="utf-8"))

    assert [each for each in named if not (ROOT / each).exists()] == []
