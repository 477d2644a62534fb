      * 不良レコード: rejected source records. RECFM F, LRECL 752, sealed; the record stands in its own code page.
       01  REJECT.
      * number of the record in its file, from 1
           05  RECORD-NO                    PIC S9(18) COMP-5.
           05  REASON                       PIC X(4).
           05  FIELD-NAME                   PIC X(32).
           05  FILLER                       PIC X(4).
           05  SOURCE-RECORD                PIC X(704).
