"""Tests of the extract."""
