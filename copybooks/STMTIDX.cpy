      * 支払調書索引: where each built statement stands. CP932 work record, RECFM F, LRECL 64, sealed.
      * In the order of the rows: kind 310, then 366, 323, 386.
       01  STMTIDX.
           05  POLICY-NO                    PIC X(11).
           05  ROLE-CODE                    PIC X(2).
           05  PAYEE-NO                     PIC X(2).
      * of the first payment, when several are added up
           05  PAYMENT-NO                   PIC X(4).
           05  STATEMENT-CODE               PIC X(3).
      * 提出区分: 1 new, 2 added, 3 right, 4 void; blank in a build
           05  FILING-CLASS                 PIC X(1).
           05  FILLER                       PIC X(1).
      * byte offset of the row in its kind's rows
           05  ROW-OFFSET                   PIC S9(18) COMP-5.
           05  ROW-LENGTH                   PIC S9(9) COMP-5.
      * payments added up in this statement
           05  PAYMENTS                     PIC S9(9) COMP-5.
      * 差引支払保険金額等, 年金の支払金額 or 解約返戻金相当額
           05  MAIN-AMOUNT                  PIC S9(18) COMP-5.
      * of a void statement (4): where the row that it voids stands
           05  VOIDED-OFFSET                PIC S9(18) COMP-5.
           05  VOIDED-COPY                  PIC S9(9) COMP-5.
           05  FILLER                       PIC X(4).
