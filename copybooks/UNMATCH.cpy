      * 番号未付定一覧: payments whose number item stays empty. CP932, RECFM F, LRECL 32. Holds no number.
       01  UNMATCH.
           05  POLICY-NO                    PIC X(11).
           05  ROLE-CODE                    PIC X(2).
           05  PAYEE-NO                     PIC X(2).
           05  PAYMENT-NO                   PIC X(4).
      * 01 contractor's item, 02 payee's item
           05  ITEM-ROLE                    PIC X(2).
           05  REASON                       PIC X(2).
           05  FILLER                       PIC X(9).
