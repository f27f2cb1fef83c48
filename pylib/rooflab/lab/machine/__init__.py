"""Your machine in the ledger: what was predicted, measured and argued, and what of it is open."""
