"""Audio hops from which an earbud isolates a voice."""
