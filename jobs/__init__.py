"""Step programs, found by member name."""
