      * 登録対象者: a person whose number can be registered, as the contract system knows it. CP932, RECFM F, LRECL 64.
      * One record per contractor (from CONTRACT) and per payee (from PAYEE) that a request names; never stored.
       01  PERSON.
           05  POLICY-NO                    PIC X(11).
           05  ROLE-CODE                    PIC X(2).
           05  PAYEE-NO                     PIC X(2).
      * 01 contractor, 02 payee of a lump sum, 03 payee of an annuity
           05  RECIPIENT-TYPE               PIC X(2).
      * 1 individual, 2 corporate
           05  PARTY                        PIC X(1).
      * of the contract: 2 annuity being paid; space on a payee
           05  CONTRACT-STATUS              PIC X(1).
           05  KANA                         PIC X(40).
           05  FILLER                       PIC X(5).
