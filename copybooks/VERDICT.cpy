      * 判定: what becomes of a source payment. Work record, RECFM F, LRECL 16, sealed. Ascending order of PLACE.
       01  VERDICT.
      * number of the record in the source file, from 0; big-endian, so that it is a key
           05  PLACE                        PIC 9(18) COMP.
      * K310, K366, K323: kept by a deck that makes that statement; else why it is left out or rejected
           05  OUTCOME                      PIC X(4).
      * the field at fault: its place among the fields of PAYSRC, or those of CONTRACT from 1000; -1 none
           05  FIELD-PLACE                  PIC S9(9) COMP-5.
