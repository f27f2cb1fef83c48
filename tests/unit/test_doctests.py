"""The worked numbers of the model's docstrings."""

import doctest
import importlib
import pkgutil

import pytest

import rooflab

MODULES = ["rooflab", "rooflab.units"] + [
    each.name
    for package in ("model", "measured")
    for each in pkgutil.walk_packages(
        importlib.import_module(f"rooflab.{package}").__path__, f"rooflab.{package}."
    )
]


@pytest.mark.parametrize("name", MODULES)
def test_worked_numbers_come_out(name):
    failed, _ = doctest.testmod(importlib.import_module(name))

    assert failed == 0


def test_there_are_worked_numbers():
    assert rooflab.__doc__
    assert len(MODULES) > 15
