"""Registration of numbers (個人番号等の登録): requests of four channels checked, and carried into the number master; pure.

The path of a request: ``inbox`` (is the delivered file sound) → ``reading`` (a work record of each detail) → ``decision`` (what the
record itself shows) → ``contract`` and ``person`` (beside contract master and payee register) → ``duplicates`` → the update.
"""
