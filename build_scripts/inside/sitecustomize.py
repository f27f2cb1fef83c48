"""Imported by Python as it starts, before Pyodide imports asyncio and all that it brings."""

from ridgepoint import absent

absent.install()
