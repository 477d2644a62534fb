"""Tests of ``chosho.codec``."""
