      * 端末マスタ: terminals that may send requests, and those revoked. IBM-1399, RECFM F, LRECL 40.
      * In ascending order of TERMINAL-ID.
       01  TERMMAST.
           05  TERMINAL-ID                  PIC X(10).
           05  TERMINAL-TYPE                PIC X(2).
           05  OFFICE-NO                    PIC X(5).
      * allowed from (yyyymmdd)
           05  ALLOWED-FROM                 PIC X(8).
      * revoked from (yyyymmdd); spaces while it is not
           05  REVOKED-FROM                 PIC X(8).
           05  FILLER                       PIC X(7).
