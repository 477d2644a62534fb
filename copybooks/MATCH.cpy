      * 番号付定: the numbers matched to a payment. CP932 work record, RECFM F, LRECL 64, sealed.
      * One record per payment data record, in the same order.
       01  MATCH.
           05  POLICY-NO                    PIC X(11).
           05  ROLE-CODE                    PIC X(2).
           05  PAYEE-NO                     PIC X(2).
           05  PAYMENT-NO                   PIC X(4).
      * why an item is empty, 00 when it is filled
           05  PAYEE-REASON                 PIC X(2).
           05  CONTRACTOR-REASON            PIC X(2).
           05  FILLER                       PIC X(1).
      * PLACE of the payment data record
           05  PLACE                        PIC S9(18) COMP-5.
      * as on the statement: 0 + individual number, or corporate number
           05  PAYEE-NUMBER                 PIC X(13).
           05  CONTRACTOR-NUMBER            PIC X(13).
           05  FILLER                       PIC X(6).
