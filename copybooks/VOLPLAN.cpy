      * 媒体計画: one record per file of a volume. CP932 work record, RECFM F, LRECL 192.
       01  VOLPLAN.
           05  VOLUME-NO                    PIC S9(9) COMP-5.
           05  VOLUME-COUNT                 PIC S9(9) COMP-5.
      * the NN of 310datNN.txt
           05  FILE-NO                      PIC S9(9) COMP-5.
           05  STATEMENT-CODE               PIC X(3).
           05  FILLER                       PIC X(1).
      * place of the file's bytes in the rows of its kind
           05  ROW-OFFSET                   PIC S9(18) COMP-5.
           05  FILE-BYTES                   PIC S9(18) COMP-5.
           05  RECORD-COUNT                 PIC S9(18) COMP-5.
           05  PAYMENTS                     PIC S9(18) COMP-5.
      * yen per amount item, in the order of the layout
           05  AMOUNT-TOTALS OCCURS 16      PIC S9(18) COMP-5.
           05  FILLER                       PIC X(16).
