"""Tests of chosho.dataset."""
