"""What a learner leaves with: the report, the comparison of tracks, takeaways, the glossary."""
