"""Record layouts: COBOL copybook members and the NTA item tables."""
