"""The match (個人番号等の付定): the payee's and the contractor's numbers for each payment, from the number master; pure.

``numbers`` is the rule, ``decision`` its table of reasons, ``kana`` the comparison of names, ``totals`` the counts.
"""
