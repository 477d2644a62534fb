      * 個人番号のオンライン申告（委託PF事業者）: declaration over the PF. CP932, RECFM F, LRECL 200.
       01  REGONL.
           05  RECORD-TYPE                  PIC X(1).
      * 対象番号を示すキー情報: the PF's key of the number it holds
           05  PF-KEY-ID                    PIC X(20).
           05  POLICY-NO                    PIC X(11).
           05  RECIPIENT-TYPE               PIC X(2).
           05  PAYEE-NO                     PIC X(2).
      * 1 二次元バーコード (payees of annuities), 2 マイページ (contractors)
           05  ROUTE                        PIC X(1).
           05  REGISTRANT-KANA              PIC X(40).
           05  INDIVIDUAL-NO                PIC X(12).
      * card against contract: 1 the same, 0 not
           05  BIRTH-MATCH                  PIC X(1).
           05  SEX-MATCH                    PIC X(1).
      * 公的個人認証: 00 valid, 01 revoked, 02 expired, 09 not verified
           05  JPKI-RESULT                  PIC X(2).
           05  ACCEPTED-AT                  PIC X(14).
      * when the PF stored the number (yyyymmddhhmmss): its erasure is due on the business day after this date
           05  PF-STORED-AT                 PIC X(14).
           05  FILLER                       PIC X(79).
