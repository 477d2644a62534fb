      * 検査結果: findings of the check against the NTA rules. CP932, RECFM F, LRECL 64. Holds no content.
       01  FINDING.
           05  FILE-NAME                    PIC X(16).
           05  RECORD-NO                    PIC S9(18) COMP-5.
           05  ITEM-NO                      PIC S9(9) COMP-5.
           05  RULE-ID                      PIC X(8).
      * E error, W warning
           05  SEVERITY                     PIC X(1).
           05  FILLER                       PIC X(27).
