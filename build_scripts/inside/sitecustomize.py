"""Imported by Python as it starts, before Pyodide imports asyncio and all that it brings."""

from rooflab import absent

absent.install()
