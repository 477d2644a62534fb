"""Tests of ``chosho.retention``."""
