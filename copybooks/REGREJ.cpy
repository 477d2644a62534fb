      * 登録不良レコード: rejected requests. RECFM F, LRECL 296, sealed; the record stands in its own code page.
      * Of the items before it, what could not be read is spaces; the first four items order it.
       01  REGREJ.
           05  OFFICE-NO                    PIC X(5).
           05  CHANNEL                      PIC X(1).
           05  FILE-NO                      PIC X(6).
           05  RECORD-NO                    PIC X(8).
           05  REASON                       PIC X(4).
           05  FIELD-NAME                   PIC X(20).
           05  POLICY-NO                    PIC X(11).
           05  ROLE-CODE                    PIC X(2).
           05  PAYEE-NO                     PIC X(2).
           05  REQUEST-KIND                 PIC X(1).
           05  ACCEPTED-AT                  PIC X(14).
           05  TERMINAL-ID                  PIC X(10).
           05  EMPLOYEE-ID                  PIC X(8).
           05  SOURCE-RECORD                PIC X(200).
           05  FILLER                       PIC X(4).
