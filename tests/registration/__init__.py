"""Tests of the registration rules."""
