      * 保険金等の支払データ: payment data, our extract. CP932 work record, RECFM F, LRECL 1792, sealed.
      * The 64 items of the seed's 別添2 and items 41-44 of statement 310; the amounts stand first, aligned to 8.
       01  PAYDATA.
      * key: policy, role of the payee, payee number, payment number
           05  POLICY-NO                    PIC X(11).
           05  ROLE-CODE                    PIC X(2).
           05  PAYEE-NO                     PIC X(2).
           05  PAYMENT-NO                   PIC X(4).
      * work items that are not on the statement
           05  CUSTOMER-NO                  PIC X(10).
      * 1 = the change of contractor counts (items 41-44 are filled)
           05  CHANGE-FLAG                  PIC X(1).
           05  INHERITED-FLAG               PIC X(1).
           05  FILLER                       PIC X(1).
      * the number of the record, counted from 0 over the whole generation
           05  PLACE                        PIC S9(18) COMP-5.
           05  PAYEE-KANA                   PIC X(40).
           05  CONTRACTOR-KANA              PIC X(40).
      * -- the amounts, whole yen --
      * 保険金額等
           05  BENEFIT-AMOUNT               PIC S9(18) COMP-5.
      * 増加又は割増保険金額等
           05  ADDED-BENEFIT-AMOUNT         PIC S9(18) COMP-5.
      * 未払利益配当金等
           05  UNPAID-DIVIDEND-AMOUNT       PIC S9(18) COMP-5.
      * 貸付金額・同未収利息
           05  LOAN-AND-INTEREST-AMOUNT     PIC S9(18) COMP-5.
      * 未払込保険料額等
           05  UNPAID-PREMIUM-AMOUNT        PIC S9(18) COMP-5.
      * 前納保険料等払戻金
           05  PREPAID-PREMIUM-REFUND       PIC S9(18) COMP-5.
      * 差引支払保険金額等
           05  NET-PAID-AMOUNT              PIC S9(18) COMP-5.
      * 既払込保険料等
           05  PAID-PREMIUM-TOTAL           PIC S9(18) COMP-5.
      * 既払込保険料等の剰余金又は割戻金
           05  PREMIUM-DIVIDEND-AMOUNT      PIC S9(18) COMP-5.
      * 年金の支払金額
           05  ANNUITY-PAID-AMOUNT          PIC S9(18) COMP-5.
      * 未払金額
           05  ANNUITY-UNPAID-AMOUNT        PIC S9(18) COMP-5.
      * 剰余金又は割戻金
           05  ANNUITY-DIVIDEND-AMOUNT      PIC S9(18) COMP-5.
      * 年金の支払金額に対する掛金額
           05  ANNUITY-PREMIUM-AMOUNT       PIC S9(18) COMP-5.
      * 差引金額
           05  ANNUITY-NET-AMOUNT           PIC S9(18) COMP-5.
      * 源泉徴収税額
           05  WITHHOLDING-TAX              PIC S9(18) COMP-5.
      * 同（支払総額又は支払総額見込額）
           05  INHERITED-TOTAL-AMOUNT       PIC S9(18) COMP-5.
      * 同（相続税法第24条の規定により評価された額）
           05  INHERITED-VALUATION          PIC S9(18) COMP-5.
      * 310-44 現契約者の既払込保険料等
           05  CURRENT-PAID-PREMIUM         PIC S9(18) COMP-5.
      * -- the texts, CP932, left justified, padded with 20 --
      * 法定資料の種類
           05  STATEMENT-CODE               PIC X(3).
      * 整理番号１
           05  REFERENCE-NO-1               PIC X(10).
      * 本支店当区分番号
           05  BRANCH-DIVISION-NO           PIC X(5).
      * 提出義務者(住所（居所）又は所在地)
           05  OBLIGOR-ADDRESS              PIC X(120).
      * 提出義務者(氏名又は名称)
           05  OBLIGOR-NAME                 PIC X(60).
      * 提出義務者(電話番号)
           05  OBLIGOR-PHONE                PIC X(15).
      * 整理番号２
           05  REFERENCE-NO-2               PIC X(13).
      * 提出者(住所（居所）又は所在地)
           05  SUBMITTER-ADDRESS            PIC X(120).
      * 提出者(氏名又は名称)
           05  SUBMITTER-NAME               PIC X(60).
      * 訂正表示
           05  CORRECTION-MARK              PIC X(1).
      * 年分
           05  TAX-YEAR                     PIC X(2).
      * 受取人(住所（居所）又は所在地)
           05  PAYEE-ADDRESS                PIC X(120).
      * 受取人(国外住所表示)
           05  PAYEE-OVERSEAS               PIC X(1).
      * 受取人(氏名又は名称)
           05  PAYEE-NAME                   PIC X(60).
      * 契約者(住所（居所）又は所在地)
           05  CONTRACTOR-ADDRESS           PIC X(120).
      * 契約者(国外住所表示)
           05  CONTRACTOR-OVERSEAS          PIC X(1).
      * 契約者(氏名又は名称)
           05  CONTRACTOR-NAME              PIC X(60).
      * 被保険者(住所（居所）又は所在地)
           05  INSURED-ADDRESS              PIC X(120).
      * 被保険者(国外住所表示)
           05  INSURED-OVERSEAS             PIC X(1).
      * 被保険者(氏名又は名称)
           05  INSURED-NAME                 PIC X(60).
      * 保険事故等
           05  EVENT-TEXT                   PIC X(30).
      * 保険事故等の発生年月日(年)
           05  EVENT-YEAR                   PIC X(2).
      * 同(月)
           05  EVENT-MONTH                  PIC X(2).
      * 同(日)
           05  EVENT-DAY                    PIC X(2).
      * 保険等の種類
           05  INSURANCE-TYPE-TEXT          PIC X(30).
      * 保険金等の支払年月日(年)
           05  PAYMENT-YEAR                 PIC X(2).
      * 同(月)
           05  PAYMENT-MONTH                PIC X(2).
      * 同(日)
           05  PAYMENT-DAY                  PIC X(2).
      * 摘要
           05  REMARKS                      PIC X(200).
      * 保険会社等法人番号
           05  OBLIGOR-CORPORATE-NO         PIC X(13).
      * 受取人（個人・法人区分）
           05  PAYEE-PARTY                  PIC X(1).
      * 契約者（個人・法人区分）
           05  CONTRACTOR-PARTY             PIC X(1).
      * 個人・法人区分
           05  INSURED-PARTY                PIC X(1).
      * 提出年月日（年）
           05  SUBMISSION-YEAR              PIC X(2).
      * 提出年月日（月）
           05  SUBMISSION-MONTH             PIC X(2).
      * 提出年月日（日）
           05  SUBMISSION-DAY               PIC X(2).
      * 本支店等区分番号
           05  OFFICE-DIVISION-NO           PIC X(5).
      * 年金の種類
           05  ANNUITY-TYPE-TEXT            PIC X(20).
      * 相続等生命保険年金に該当（年金の支払開始日（年））
           05  INHERITED-START-YEAR         PIC X(2).
      * 同（月）
           05  INHERITED-START-MONTH        PIC X(2).
      * 同（日）
           05  INHERITED-START-DAY          PIC X(2).
      * 同（残存期間年数）
           05  INHERITED-REMAINING-YEARS    PIC X(2).
      * 同（支払開始日年齢）
           05  INHERITED-AGE-AT-START       PIC X(2).
      * 同（支払期間年数）
           05  INHERITED-PAYMENT-YEARS      PIC X(2).
      * 同（保証期間年数）
           05  INHERITED-GUARANTEE-YEARS    PIC X(2).
      * 同（保険料又は掛金額の占める割合・整数部）
           05  INHERITED-RATIO-INTEGER      PIC X(3).
      * 同（小数部）
           05  INHERITED-RATIO-DECIMAL      PIC X(3).
      * 310-41 直前の保険契約者等・住所
           05  PREVIOUS-ADDRESS             PIC X(120).
      * 310-42 直前の保険契約者等・氏名
           05  PREVIOUS-NAME                PIC X(60).
      * 310-43 契約者変更の回数
           05  CHANGE-COUNT                 PIC X(2).
           05  FILLER                       PIC X(3).
      * 支払事由の日, yyyymmdd: the event of a lump sum, the payment day of an annuity; a work item
           05  CAUSE-DATE                   PIC S9(9) COMP-5.
           05  FILLER                       PIC X(48).
