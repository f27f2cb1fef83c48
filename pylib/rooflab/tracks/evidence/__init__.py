"""What each reading says of the claims that a learner may make; `claims` is the way in."""
