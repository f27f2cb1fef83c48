"""Commands over ledgers, for the command line."""
