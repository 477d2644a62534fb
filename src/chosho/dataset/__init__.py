"""Datasets (データセット): the catalogue, parts in and out, sort, key groups, generations, erasing and recovery."""
