"""Tests of chosho.step."""
