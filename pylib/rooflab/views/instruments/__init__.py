"""The instruments on the bench, one a file, and the parts that several of them draw."""
