      * 取消指示: a statement that shall not stand submitted although the contract master may state it. CP932, LRECL 32.
       01  CANCELRQ.
           05  STATEMENT-CODE               PIC X(3).
           05  POLICY-NO                    PIC X(11).
           05  ROLE-CODE                    PIC X(2).
           05  PAYEE-NO                     PIC X(2).
      * as in the list of differences; of kind 366 blank: every annuity statement of the payee
           05  PAYMENT-NO                   PIC X(4).
           05  FILLER                       PIC X(10).
