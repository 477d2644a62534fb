      * 契約マスタ: contract master, one record per contract. IBM-1399, RECFM F, LRECL 700.
      * Kept by the contract system, in ascending order of POLICY-NO; read, never erased by us.
       01  CONTRACT.
           05  POLICY-NO                    PIC X(11).
      * 1 in force, 2 annuity being paid, 3 ended
           05  CONTRACT-STATUS              PIC X(1).
      * 保険等の種類 (code)
           05  INSURANCE-TYPE               PIC X(2).
           05  CONTRACT-DATE                PIC 9(8).
           05  CONTRACTOR.
               10  CONTRACTOR-CUSTOMER-NO   PIC X(10).
      * 1 individual, 2 corporate
               10  CONTRACTOR-PARTY         PIC X(1).
               10  CONTRACTOR-NAME          PIC N(30).
               10  CONTRACTOR-KANA          PIC X(40).
               10  CONTRACTOR-ADDRESS       PIC N(60).
      * 0 Japan, 1 abroad
               10  CONTRACTOR-OVERSEAS      PIC X(1).
               10  CONTRACTOR-BIRTH         PIC 9(8).
               10  CONTRACTOR-SEX           PIC X(1).
           05  INSURED.
               10  INSURED-CUSTOMER-NO      PIC X(10).
               10  INSURED-NAME             PIC N(30).
               10  INSURED-ADDRESS          PIC N(60).
               10  INSURED-OVERSEAS         PIC X(1).
               10  INSURED-BIRTH            PIC 9(8).
               10  INSURED-SEX              PIC X(1).
      * 直前の保険契約者等: filled when the contractor changed
           05  PREVIOUS-CONTRACTOR.
               10  PREVIOUS-NAME            PIC N(30).
               10  PREVIOUS-ADDRESS         PIC N(60).
      * from 2018-01-01, changes by death not counted
               10  CHANGE-COUNT             PIC S9(4) COMP.
               10  CHANGE-DATE              PIC 9(8).
      * 1 by death of the contractor, 2 other, space none
               10  CHANGE-CAUSE             PIC X(1).
               10  CURRENT-PAID-PREMIUM     PIC S9(11) COMP-3.
      * the deceased contractor before the present one (CHANGE-CAUSE 1): 0 Japan, 1 abroad
               10  PREVIOUS-OVERSEAS        PIC X(1).
      * 0 none
               10  DEATH-DATE               PIC 9(8).
               10  DECEASED-PAID-PREMIUM    PIC S9(11) COMP-3.
      * 評価日: 1 the day of death, 2 the day on which the change took effect, space none
               10  VALUATION-CODE           PIC X(1).
      * 解約返戻金相当額 on that day
               10  SURRENDER-VALUE          PIC S9(11) COMP-3.
      * 既払込保険料等の総額
               10  PAID-PREMIUM-TOTAL       PIC S9(11) COMP-3.
           05  FILLER                       PIC X(12).
