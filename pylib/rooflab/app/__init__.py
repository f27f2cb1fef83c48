"""Build the lab's document: regions of the page, each filled as the ledger unlocks it."""

from rooflab.app.app import REGIONS, App

__all__ = ["REGIONS", "App"]
