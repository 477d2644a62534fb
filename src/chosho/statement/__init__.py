"""Statements (支払調書): layouts, the builder of rows, and the validator of statement files; pure."""
