"""Camera frames that glasses filter, and phrases that they translate."""
