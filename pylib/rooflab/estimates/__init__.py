"""Estimates of any model on any device: what is asked, and what follows."""

from rooflab.estimates.estimate import Estimate, estimate
from rooflab.estimates.question import Question

__all__ = ["Estimate", "Question", "estimate"]
