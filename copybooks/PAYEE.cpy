      * 受取人登録: payees registered with a contract. IBM-1399, RECFM F, LRECL 80.
      * Kept by the contract system, in ascending order of POLICY-NO and PAYEE-NO; read, never erased by us.
       01  PAYEE.
           05  POLICY-NO                    PIC X(11).
      * 受取人登録通番, from 01
           05  PAYEE-NO                     PIC X(2).
      * 02 payee of a lump sum, 03 payee of an annuity
           05  RECIPIENT-TYPE               PIC X(2).
      * 1 individual, 2 corporate
           05  PAYEE-PARTY                  PIC X(1).
           05  PAYEE-KANA                   PIC X(40).
      * 受取人登録関係者コード
           05  RELATION-CODE                PIC X(2).
           05  FILLER                       PIC X(22).
