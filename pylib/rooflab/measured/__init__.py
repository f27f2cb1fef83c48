"""Published measurements, predictions of them, and how far the two are apart."""
