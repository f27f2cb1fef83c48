"""What a learner did, as entries in one document, and what the lab lets in and writes out."""
