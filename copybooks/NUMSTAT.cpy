      * 個人番号等取得状況: what terminals may see of the number master. CP932, RECFM F, LRECL 32. Holds no number.
       01  NUMSTAT.
           05  POLICY-NO                    PIC X(11).
           05  ROLE-CODE                    PIC X(2).
           05  PAYEE-NO                     PIC X(2).
      * 1 held, 0 not held
           05  HELD                         PIC X(1).
      * 個人番号等取得状態コード of the newest registration
           05  STATE-CODE                   PIC X(1).
           05  REASON-CODE                  PIC X(2).
           05  REGISTERED-ON                PIC X(8).
           05  FILLER                       PIC X(5).
