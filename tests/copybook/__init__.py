"""Tests of chosho.copybook."""
