      * 局所マスタ: offices that take requests. IBM-1399, RECFM F, LRECL 40, in ascending order of OFFICE-NO.
       01  OFFICE.
           05  OFFICE-NO                    PIC X(5).
      * 1 post office, 2 branch, 3 head office
           05  OFFICE-KIND                  PIC X(1).
           05  OFFICE-NAME                  PIC N(15).
           05  FILLER                       PIC X(4).
