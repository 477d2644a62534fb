      * 受付ファイルの見出し: header of a delivered file. In the file's own code page, RECFM F, LRECL 200.
       01  INBHEAD.
      * 1 header, 2 detail, 8 trailer
           05  RECORD-TYPE                  PIC X(1).
      * 入手経路 1 counter, 2 mobile, 3 online, 4 mail; P reply of the PF, I instruction to the PF
           05  CHANNEL                      PIC X(1).
      * serial of the sender for this channel, from 1, without gaps
           05  FILE-NO                      PIC X(6).
      * business date of the file (yyyymmdd)
           05  FILE-DATE                    PIC X(8).
           05  SENDER-ID                    PIC X(10).
      * 管理者の許可番号: mail batches only
           05  PERMIT-ID                    PIC X(10).
      * PF: A acknowledgement, C certificate, D deletion instruction; else space
           05  MESSAGE-KIND                 PIC X(1).
      * PF: id of the deletion instruction; else spaces
           05  INSTRUCTION-ID               PIC X(24).
           05  FILLER                       PIC X(139).
