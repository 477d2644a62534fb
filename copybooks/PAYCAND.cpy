      * 抽出候補: a payment as the extract judges it. CP932 work record, RECFM F, LRECL 80, sealed.
      * In the order of its first 46 bytes: payee, kind, event, payment. CUSTOMER-NO and PAYMENT-KIND make a whole group.
       01  PAYCAND.
           05  CUSTOMER-NO                  PIC X(10).
           05  PAYMENT-KIND                 PIC X(1).
      * one payment event: same day, same insured event
           05  PAYMENT-DATE                 PIC X(8).
           05  EVENT-DATE                   PIC X(8).
           05  EVENT-CODE                   PIC X(2).
           05  POLICY-NO                    PIC X(11).
           05  PAYEE-NO                     PIC X(2).
           05  PAYMENT-NO                   PIC X(4).
           05  TAX-CATEGORY                 PIC X(1).
           05  INHERITED-FLAG               PIC X(1).
           05  BENEFIT-AMOUNT               PIC S9(18) COMP-5.
           05  ADDED-BENEFIT-AMOUNT         PIC S9(18) COMP-5.
           05  ANNUITY-PAID-AMOUNT          PIC S9(18) COMP-5.
      * number of the record in the source file, from 0
           05  PLACE                        PIC S9(18) COMP-5.
