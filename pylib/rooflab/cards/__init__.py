"""Device cards: a reader's own device as a file of TOML or JSON, each figure with its source."""
