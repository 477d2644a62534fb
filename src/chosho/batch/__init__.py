"""The batch engine: decks, scan, allocation, locks, supervisor, restart and spool.

The only place that decides what runs.
"""
