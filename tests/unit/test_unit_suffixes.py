"""Every float of a record says its unit in its name."""

import dataclasses
import importlib
import pkgutil
import re

import pytest

import rooflab
from rooflab import specs
from rooflab.systems.outcome import Outcome
from rooflab.values import Flags, Words

SUFFIXES = re.compile(
    r"(^|_)(s|bytes|flop|flop_per_s|bytes_per_s|flop_per_byte|w|j|c|hz|k_per_w|j_per_k"
    r"|j_per_flop|j_per_byte|v|a|m|per_s|count|fraction|factor|cycles)$"
)
COUNTS = re.compile(
    r"(^|_)(launches|repeats|layers|heads|tokens|passes|gammas|operators|starts_s|macs|outputs|rows|columns|splits)$"
)
PACKAGES = ("model", "facts", "measured", "systems", "analyses", "machine")
# Records that carry the unit of their figures as data.
CARRIES_UNIT = {"Basis", "Target", "TargetOutcome", "Gauge", "Control", "Found", "Attempt", "DemandAnswer", "Room"}


def _modules():
    yield from (specs,)
    for name in PACKAGES:
        package = importlib.import_module(f"rooflab.{name}")
        yield package
        for each in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
            yield importlib.import_module(each.name)


RECORDS = sorted(
    {
        value
        for module in _modules()
        for value in vars(module).values()
        if isinstance(value, type) and dataclasses.is_dataclass(value)
        and value.__module__.startswith(rooflab.__name__)
    },
    key=lambda each: each.__qualname__,
)


# The unit of some is data; those of a design's choices stand in the controls.
HELD = [each for each in RECORDS if each.__name__ not in CARRIES_UNIT and not issubclass(each, specs.Design)]


def test_what_is_let_off_is_there():
    assert set(CARRIES_UNIT) <= {each.__name__ for each in RECORDS}


# Indices and categories, bytes by purpose, the sum of an output, and a picture's numbers by their names: not quantities by themselves.
ALLOWED = {("Operators", "bound"), ("Outcome", "bound"), ("FrameTrace", "spiked"), ("MemoryUse", "parts"), ("Picture", "numbers"), ("Row", "checksum")}


@pytest.mark.parametrize("record", HELD, ids=lambda each: each.__qualname__)
def test_a_number_names_its_unit(record):
    allowed = {name for each in record.__mro__ for owner, name in ALLOWED if owner == each.__name__}
    for field in dataclasses.fields(record):
        numeric = ("float" in str(field.type) or "ndarray" in str(field.type)) and "Callable" not in str(field.type)
        if numeric and field.type not in (Flags, Words) and field.name not in allowed:
            assert SUFFIXES.search(field.name) or COUNTS.search(field.name), f"{record.__name__}.{field.name}"


def test_a_figure_of_an_outcome_is_a_number():
    kinds = {field.name: str(field.type) for field in dataclasses.fields(Outcome)}

    assert "float" in kinds["step_time_s"] and "ndarray" in kinds["step_time_s"]


def test_a_record_without_units_would_be_rejected():
    assert not SUFFIXES.search("latency_ms")
    assert not SUFFIXES.search("bandwidth")
    assert not SUFFIXES.search("percent")
    assert SUFFIXES.search("hbm_bytes_per_s")
