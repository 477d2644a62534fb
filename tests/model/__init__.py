"""Plain-Python models of bulk rules, over dictionaries: the oracle that the vectorised rules are held against."""
