      * 登録トランザクション: an accepted request on its way to the number master. CP932, RECFM F, LRECL 192, sealed.
      * The first seven items order it: the requests of a person in the order in which they were accepted.
       01  REGTRAN.
           05  POLICY-NO                    PIC X(11).
           05  ROLE-CODE                    PIC X(2).
           05  PAYEE-NO                     PIC X(2).
           05  ACCEPTED-AT                  PIC X(14).
           05  CHANNEL                      PIC X(1).
           05  FILE-NO                      PIC X(6).
      * number of the record in its file, from 1, the header being 1
           05  RECORD-NO                    PIC X(8).
           05  RECIPIENT-TYPE               PIC X(2).
           05  REQUEST-KIND                 PIC X(1).
           05  INDIVIDUAL-NO                PIC X(12).
           05  CORPORATE-NO                 PIC X(13).
           05  REASON-CODE                  PIC X(2).
           05  RELATION-CODE                PIC X(2).
           05  REGISTRANT-KANA              PIC X(40).
           05  OFFICE-NO                    PIC X(5).
           05  TERMINAL-ID                  PIC X(10).
           05  TERMINAL-TYPE                PIC X(2).
           05  EMPLOYEE-ID                  PIC X(8).
           05  PF-KEY-ID                    PIC X(20).
           05  PF-STORED-AT                 PIC X(14).
           05  APPROVER-ID                  PIC X(8).
           05  DOCUMENT-KIND                PIC X(2).
           05  VERIFIED                     PIC X(1).
           05  ROUTE                        PIC X(1).
           05  BIRTH-MATCH                  PIC X(1).
           05  SEX-MATCH                    PIC X(1).
           05  JPKI-RESULT                  PIC X(2).
           05  FILLER                       PIC X(1).
