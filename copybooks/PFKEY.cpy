      * PF削除の明細: a detail of a deletion instruction and of the PF's replies. CP932, RECFM F, LRECL 200. Holds no number.
       01  PFKEY.
           05  RECORD-TYPE                  PIC X(1).
      * 対象番号を示すキー情報
           05  PF-KEY-ID                    PIC X(20).
           05  PF-STORED-AT                 PIC X(14).
      * acknowledgement: 00 accepted, 01 unknown key, 02 refused; certificate: 00 deleted, 09 not deleted; instruction: spaces
           05  RESULT                       PIC X(2).
      * certificate: when it was deleted (yyyymmddhhmmss); else spaces
           05  DELETED-AT                   PIC X(14).
           05  FILLER                       PIC X(149).
