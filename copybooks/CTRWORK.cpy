      * 契約の作業レコード: what a statement takes from the contract master. CP932 work record, LRECL 624, never stored.
       01  CTRWORK.
           05  POLICY-NO                    PIC X(11).
           05  INSURANCE-TYPE               PIC X(2).
           05  CONTRACTOR-PARTY             PIC X(1).
           05  CHANGE-CAUSE                 PIC X(1).
           05  FILLER                       PIC X(1).
           05  CHANGE-DATE                  PIC S9(9) COMP-5.
           05  CHANGE-COUNT                 PIC S9(9) COMP-5.
           05  CURRENT-PAID-PREMIUM         PIC S9(18) COMP-5.
           05  CONTRACTOR-KANA              PIC X(40).
           05  CONTRACTOR-ADDRESS           PIC X(120).
           05  CONTRACTOR-OVERSEAS          PIC X(1).
           05  CONTRACTOR-NAME              PIC X(60).
           05  INSURED-ADDRESS              PIC X(120).
           05  INSURED-OVERSEAS             PIC X(1).
           05  INSURED-NAME                 PIC X(60).
           05  PREVIOUS-ADDRESS             PIC X(120).
           05  PREVIOUS-NAME                PIC X(60).
           05  FILLER                       PIC X(10).
