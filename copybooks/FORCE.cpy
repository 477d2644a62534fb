      * 提出済調書: a statement that stands submitted and is not voided. CP932 work record, RECFM F, LRECL 64, sealed.
      * Holds keys and places only; the content stands in the statement copy (副本).
       01  FORCE.
      * year of the run that was submitted, not of the item 年分
           05  TAX-YEAR                     PIC X(4).
           05  STATEMENT-CODE               PIC X(3).
           05  POLICY-NO                    PIC X(11).
           05  ROLE-CODE                    PIC X(2).
           05  PAYEE-NO                     PIC X(2).
      * of the first payment, when several are added up
           05  PAYMENT-NO                   PIC X(4).
      * 提出区分 under which it was submitted: 1 new, 2 added, 3 right
           05  FILING-CLASS                 PIC X(1).
           05  FILLER                       PIC X(5).
      * place of the row in its copy; of a void on its way: of the voided row
           05  ROW-OFFSET                   PIC S9(18) COMP-5.
           05  ROW-LENGTH                   PIC S9(9) COMP-5.
      * payments added up in this statement
           05  PAYMENTS                     PIC S9(9) COMP-5.
      * generation of the statement copy of its kind
           05  COPY-GENERATION              PIC S9(9) COMP-5.
           05  SUBMITTED-ON                 PIC X(8).
           05  FILLER                       PIC X(4).
