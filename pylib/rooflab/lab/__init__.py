"""What a learner did, what that unlocks, and how well it was predicted."""
