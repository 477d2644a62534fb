"""Tests of the control store."""
