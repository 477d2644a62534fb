      * 支払調書索引: where each built statement stands. CP932 work record, RECFM F, LRECL 64, sealed.
      * In the order of the rows: first kind 310, then kind 366.
       01  STMTIDX.
           05  POLICY-NO                    PIC X(11).
           05  ROLE-CODE                    PIC X(2).
           05  PAYEE-NO                     PIC X(2).
      * of the first payment, when several are added up
           05  PAYMENT-NO                   PIC X(4).
           05  STATEMENT-CODE               PIC X(3).
           05  FILLER                       PIC X(2).
      * byte offset of the row in its kind's rows
           05  ROW-OFFSET                   PIC S9(18) COMP-5.
           05  ROW-LENGTH                   PIC S9(9) COMP-5.
      * payments added up in this statement
           05  PAYMENTS                     PIC S9(9) COMP-5.
      * 差引支払保険金額等 or 年金の支払金額
           05  MAIN-AMOUNT                  PIC S9(18) COMP-5.
           05  FILLER                       PIC X(16).
