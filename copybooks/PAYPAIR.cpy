      * 付定対象: the two persons of a payment whose numbers are wanted. CP932 work record, LRECL 136, never stored.
      * The first 120 bytes are those of PAYDATA.
       01  PAYPAIR.
           05  POLICY-NO                    PIC X(11).
           05  ROLE-CODE                    PIC X(2).
           05  PAYEE-NO                     PIC X(2).
           05  PAYMENT-NO                   PIC X(4).
           05  FILLER                       PIC X(13).
      * the number of the payment data record
           05  PLACE                        PIC S9(18) COMP-5.
           05  PAYEE-KANA                   PIC X(40).
           05  CONTRACTOR-KANA              PIC X(40).
           05  STATEMENT-CODE               PIC X(3).
           05  PAYEE-PARTY                  PIC X(1).
           05  CONTRACTOR-PARTY             PIC X(1).
           05  FILLER                       PIC X(3).
      * 支払事由の日, yyyymmdd
           05  CAUSE-DATE                   PIC S9(9) COMP-5.
           05  FILLER                       PIC X(4).
