"""The tests of chosho; they mirror the source."""
