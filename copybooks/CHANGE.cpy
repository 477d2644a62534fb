      * 文字変換一覧: texts that were changed to be writable on the disc. CP932, RECFM F, LRECL 48. Holds no text.
       01  CHANGE.
           05  POLICY-NO                    PIC X(11).
           05  ROLE-CODE                    PIC X(2).
           05  PAYEE-NO                     PIC X(2).
           05  PAYMENT-NO                   PIC X(4).
           05  STATEMENT-CODE               PIC X(3).
           05  ITEM-NO                      PIC 9(2).
      * FW half to full width, FD folded by table, KN whole name to kana, GT 〓 for a character, CT cut,
      * SP spaces squeezed to one, NP corporate number left out where only an individual one may stand
           05  RULE                         PIC X(2).
           05  FILLER                       PIC X(22).
