      * 差異一覧: what the contract master would state otherwise than it stands submitted. CP932, RECFM F, LRECL 48.
      * Holds keys only, no content.
       01  DIFFER.
           05  TAX-YEAR                     PIC X(4).
           05  STATEMENT-CODE               PIC X(3).
           05  POLICY-NO                    PIC X(11).
           05  ROLE-CODE                    PIC X(2).
           05  PAYEE-NO                     PIC X(2).
           05  PAYMENT-NO                   PIC X(4).
      * N new, C changed, G gone (no payment states it any more), X cancelled by the list of cancellations
           05  WHAT                         PIC X(1).
      * the first item that differs, of a changed one; else 00
           05  ITEM-NO                      PIC 9(2).
      * 1 it is in the run's files, 0 it is only listed (SCOPE)
           05  SENT                         PIC X(1).
           05  FILLER                       PIC X(18).
