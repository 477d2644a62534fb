"""Tests of chosho.batch."""
