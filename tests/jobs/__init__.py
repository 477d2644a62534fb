"""Tests of the step programs."""
