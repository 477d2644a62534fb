"""Tests of the statement package: layout, builder, validator."""
