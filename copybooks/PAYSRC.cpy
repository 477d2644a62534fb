      * 契約マスタの支払データ: source payment file of the contract system. IBM-1399, RECFM F, LRECL 700.
      * One record per payment, in no particular order; read, never erased by us.
       01  PAYSRC.
           05  POLICY-NO                    PIC X(11).
      * 受取人登録通番
           05  PAYEE-NO                     PIC 9(2).
      * 支払通番, unique in a policy
           05  PAYMENT-NO                   PIC 9(4).
      * 1 lump sum (一時金), 2 annuity (年金)
           05  PAYMENT-KIND                 PIC X(1).
      * 1 一時所得, 2 雑所得(年金), 3 相続・贈与
           05  TAX-CATEGORY                 PIC X(1).
      * customer number of the payee in the contract system
           05  CUSTOMER-NO                  PIC X(10).
      * 1 individual, 2 corporate
           05  PAYEE-PARTY                  PIC X(1).
           05  PAYEE-NAME                   PIC N(30).
           05  PAYEE-KANA                   PIC X(40).
           05  PAYEE-ADDRESS                PIC N(60).
      * 0 Japan, 1 abroad
           05  PAYEE-OVERSEAS               PIC X(1).
           05  PAYMENT-DATE                 PIC 9(8).
      * 保険事故等の発生年月日
           05  EVENT-DATE                   PIC 9(8).
      * 保険事故等 (code)
           05  EVENT-CODE                   PIC X(2).
           05  BENEFIT-AMOUNT               PIC S9(11) COMP-3.
           05  ADDED-BENEFIT-AMOUNT         PIC S9(11) COMP-3.
           05  UNPAID-DIVIDEND-AMOUNT       PIC S9(11) COMP-3.
           05  LOAN-AND-INTEREST-AMOUNT     PIC S9(11) COMP-3.
           05  UNPAID-PREMIUM-AMOUNT        PIC S9(11) COMP-3.
           05  PREPAID-PREMIUM-REFUND       PIC S9(11) COMP-3.
           05  NET-PAID-AMOUNT              PIC S9(11) COMP-3.
           05  PAID-PREMIUM-TOTAL           PIC S9(11) COMP-3.
      * 年金の種類 (code)
           05  ANNUITY-TYPE                 PIC X(2).
           05  ANNUITY-PAID-AMOUNT          PIC S9(11) COMP-3.
           05  ANNUITY-UNPAID-AMOUNT        PIC S9(11) COMP-3.
           05  ANNUITY-DIVIDEND-AMOUNT      PIC S9(11) COMP-3.
           05  ANNUITY-PREMIUM-AMOUNT       PIC S9(11) COMP-3.
           05  ANNUITY-NET-AMOUNT           PIC S9(11) COMP-3.
           05  WITHHOLDING-TAX              PIC S9(11) COMP-3.
      * 相続等生命保険年金: 1 yes, 0 no
           05  INHERITED-FLAG               PIC X(1).
           05  INHERITED-START-DATE         PIC 9(8).
           05  INHERITED-REMAINING-YEARS    PIC 9(2).
           05  INHERITED-AGE-AT-START       PIC 9(2).
           05  INHERITED-PAYMENT-YEARS      PIC 9(2).
           05  INHERITED-GUARANTEE-YEARS    PIC 9(2).
           05  INHERITED-TOTAL-AMOUNT       PIC S9(11) COMP-3.
      * percent, three decimals
           05  INHERITED-RATIO              PIC 9(3)V9(3).
           05  INHERITED-VALUATION          PIC S9(11) COMP-3.
           05  OFFICE-NO                    PIC X(5).
      * 摘要: mixed text with SO/SI
           05  REMARKS                      PIC X(120).
      * serial of the contract system's update
           05  UPDATE-SERIAL                PIC S9(9) COMP.
      * 既払込保険料等の剰余金又は割戻金 (statement 323 only)
           05  PREMIUM-DIVIDEND-AMOUNT      PIC S9(11) COMP-3.
           05  FILLER                       PIC X(175).
