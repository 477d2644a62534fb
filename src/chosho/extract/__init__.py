"""The extract (支払データの抽出): which payments of the year need a statement, and the payment data made of them; pure.

The path of a payment: ``candidate`` (a narrow record of what the decision needs) → ``decision`` (one verdict per payment) →
``payment`` (the kept ones, transcoded in full) → ``build`` (joined with their contracts). ``verdict`` is what holds the two
readings of the source together; ``rejection`` makes the list of bad records; ``totals`` counts.
"""
