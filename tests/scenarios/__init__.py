"""Whole decks on a small synthetic world, run by the real supervisor and the real command."""
