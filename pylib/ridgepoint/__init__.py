"""Ridgepoint: the performance of machine-learning systems, as a model and as a laboratory."""

__all__ = ["__version__"]

__version__ = "0.1.0"
