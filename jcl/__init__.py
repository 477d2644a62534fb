"""Decks and procedures, found by member name."""
