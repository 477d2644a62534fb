"""Tests of the media rooms."""
