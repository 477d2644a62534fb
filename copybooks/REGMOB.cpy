      * 個人番号等登録請求（携帯端末 PT5）: request from a mobile terminal. IBM-1399, RECFM F, LRECL 200.
       01  REGMOB.
           05  RECORD-TYPE                  PIC X(1).
      * M1 PT5
           05  TERMINAL-TYPE                PIC X(2).
           05  TERMINAL-ID                  PIC X(10).
           05  EMPLOYEE-ID                  PIC X(8).
           05  OFFICE-NO                    PIC X(5).
           05  ACCEPTED-AT                  PIC X(14).
           05  REQUEST-KIND                 PIC X(1).
           05  POLICY-NO                    PIC X(11).
           05  RECIPIENT-TYPE               PIC X(2).
           05  PAYEE-NO                     PIC X(2).
           05  REGISTRANT-KANA              PIC X(40).
           05  INDIVIDUAL-NO                PIC X(12).
           05  CORPORATE-NO                 PIC X(13).
           05  REASON-CODE                  PIC X(2).
           05  RELATION-CODE                PIC X(2).
           05  DOCUMENT-KIND                PIC X(2).
           05  VERIFIED                     PIC X(1).
           05  APPROVER-ID                  PIC X(8).
           05  FILLER                       PIC X(64).
