      * 個人番号等登録請求（郵送）: request that came by mail, entered by the payment services department.
      * IBM-1399, RECFM F, LRECL 200. Payees of annuities only; the batch's header carries the manager's permit.
       01  REGMAIL.
           05  RECORD-TYPE                  PIC X(1).
           05  POLICY-NO                    PIC X(11).
           05  RECIPIENT-TYPE               PIC X(2).
           05  PAYEE-NO                     PIC X(2).
           05  REQUEST-KIND                 PIC X(1).
           05  REGISTRANT-KANA              PIC X(40).
           05  INDIVIDUAL-NO                PIC X(12).
           05  REASON-CODE                  PIC X(2).
           05  RELATION-CODE                PIC X(2).
           05  OFFICE-NO                    PIC X(5).
      * L1 業務専用端末機
           05  TERMINAL-TYPE                PIC X(2).
           05  TERMINAL-ID                  PIC X(10).
           05  EMPLOYEE-ID                  PIC X(8).
           05  APPROVER-ID                  PIC X(8).
           05  DOCUMENT-KIND                PIC X(2).
           05  VERIFIED                     PIC X(1).
           05  ACCEPTED-AT                  PIC X(14).
      * 受付整理番号 of the letter
           05  LETTER-NO                    PIC X(10).
           05  FILLER                       PIC X(67).
