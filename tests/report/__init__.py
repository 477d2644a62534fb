"""Tests of the report rooms."""
