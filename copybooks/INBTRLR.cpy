      * 受付ファイルの終端: trailer of a delivered file with its control totals. RECFM F, LRECL 200.
       01  INBTRLR.
           05  RECORD-TYPE                  PIC X(1).
           05  CHANNEL                      PIC X(1).
           05  FILE-NO                      PIC X(6).
      * detail records between header and trailer
           05  RECORD-COUNT                 PIC X(8).
      * of these 登録, 修正, 削除, 未取得; zeros where the channel has no such request
           05  REGISTERED                   PIC X(8).
           05  CORRECTED                    PIC X(8).
           05  DELETED                      PIC X(8).
           05  NOT-OBTAINED                 PIC X(8).
      * PF: SHA-256 (hex) over the key ids of the details, ascending, each ended by LF; else spaces
           05  KEY-DIGEST                   PIC X(64).
           05  FILLER                       PIC X(88).
