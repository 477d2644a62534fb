      * 抽出支払: a kept payment, transcoded. CP932 work record, RECFM F, LRECL 560, sealed. Ascending order of its first 19 bytes.
      * Fields stand in runs as in PAYDATA, so that building that record is a few copies.
       01  PAYWORK.
           05  POLICY-NO                    PIC X(11).
           05  ROLE-CODE                    PIC X(2).
           05  PAYEE-NO                     PIC X(2).
           05  PAYMENT-NO                   PIC X(4).
           05  CUSTOMER-NO                  PIC X(10).
           05  FILLER                       PIC X(1).
           05  INHERITED-FLAG               PIC X(1).
           05  FILLER                       PIC X(1).
      * number of the record in the source file, from 0
           05  PLACE                        PIC S9(18) COMP-5.
           05  PAYEE-KANA                   PIC X(40).
           05  BENEFIT-AMOUNT               PIC S9(18) COMP-5.
           05  ADDED-BENEFIT-AMOUNT         PIC S9(18) COMP-5.
           05  UNPAID-DIVIDEND-AMOUNT       PIC S9(18) COMP-5.
           05  LOAN-AND-INTEREST-AMOUNT     PIC S9(18) COMP-5.
           05  UNPAID-PREMIUM-AMOUNT        PIC S9(18) COMP-5.
           05  PREPAID-PREMIUM-REFUND       PIC S9(18) COMP-5.
           05  NET-PAID-AMOUNT              PIC S9(18) COMP-5.
           05  PAID-PREMIUM-TOTAL           PIC S9(18) COMP-5.
           05  PREMIUM-DIVIDEND-AMOUNT      PIC S9(18) COMP-5.
           05  ANNUITY-PAID-AMOUNT          PIC S9(18) COMP-5.
           05  ANNUITY-UNPAID-AMOUNT        PIC S9(18) COMP-5.
           05  ANNUITY-DIVIDEND-AMOUNT      PIC S9(18) COMP-5.
           05  ANNUITY-PREMIUM-AMOUNT       PIC S9(18) COMP-5.
           05  ANNUITY-NET-AMOUNT           PIC S9(18) COMP-5.
           05  WITHHOLDING-TAX              PIC S9(18) COMP-5.
           05  INHERITED-TOTAL-AMOUNT       PIC S9(18) COMP-5.
           05  INHERITED-VALUATION          PIC S9(18) COMP-5.
      * yyyymmdd, 0 none
           05  EVENT-DATE                   PIC S9(9) COMP-5.
           05  PAYMENT-DATE                 PIC S9(9) COMP-5.
           05  INHERITED-START-DATE         PIC S9(9) COMP-5.
           05  STATEMENT-CODE               PIC X(3).
           05  PAYEE-PARTY                  PIC X(1).
           05  PAYEE-ADDRESS                PIC X(120).
           05  PAYEE-OVERSEAS               PIC X(1).
           05  PAYEE-NAME                   PIC X(60).
           05  REMARKS                      PIC X(120).
           05  OFFICE-NO                    PIC X(5).
           05  EVENT-CODE                   PIC X(2).
           05  ANNUITY-TYPE                 PIC X(2).
           05  INHERITED-REMAINING-YEARS    PIC X(2).
           05  INHERITED-AGE-AT-START       PIC X(2).
           05  INHERITED-PAYMENT-YEARS      PIC X(2).
           05  INHERITED-GUARANTEE-YEARS    PIC X(2).
      * percent: three digits and three decimals
           05  INHERITED-RATIO              PIC X(6).
           05  FILLER                       PIC X(4).
