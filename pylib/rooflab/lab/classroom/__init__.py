"""What instructors see: the class, suggested scores, the answer key, and a ledger computed again."""
