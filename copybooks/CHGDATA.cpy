      * 契約者の異動データ: a change of contractor by death, of which statement 386 is made. CP932 work record, RECFM F,
      * LRECL 1152, sealed. One record per contract, in the order of its key; the first 40 bytes are as in PAYDATA.
       01  CHGDATA.
      * key: policy, role 01 (contractor), 00, 0000
           05  POLICY-NO                    PIC X(11).
           05  ROLE-CODE                    PIC X(2).
           05  PAYEE-NO                     PIC X(2).
           05  PAYMENT-NO                   PIC X(4).
      * work items that are not on the statement: 1 = by death; 保険等の種類 (code)
           05  CHANGE-CAUSE                 PIC X(1).
           05  INSURANCE-TYPE               PIC X(2).
           05  FILLER                       PIC X(10).
      * the number of the record, counted from 0 over the whole generation
           05  PLACE                        PIC S9(18) COMP-5.
      * 解約返戻金相当額
           05  SURRENDER-VALUE              PIC S9(18) COMP-5.
      * 既払込保険料等の総額
           05  PAID-PREMIUM-TOTAL           PIC S9(18) COMP-5.
      * 死亡した保険契約者等の払込保険料等
           05  DECEASED-PAID-PREMIUM        PIC S9(18) COMP-5.
      * work items: yyyymmdd, 0 none; the kana name that stands in for the new contractor's
           05  CHANGE-DATE                  PIC S9(9) COMP-5.
           05  DEATH-DATE                   PIC S9(9) COMP-5.
           05  NEW-KANA                     PIC X(40).
      * -- the texts, CP932, left justified, padded with 20 --
      * 法定資料の種類
           05  STATEMENT-CODE               PIC X(3).
      * 整理番号１
           05  REFERENCE-NO-1               PIC X(10).
      * 本支店等区分番号
           05  BRANCH-DIVISION-NO           PIC X(5).
      * 提出義務者(住所（居所）又は所在地)
           05  OBLIGOR-ADDRESS              PIC X(120).
      * 提出義務者(氏名又は名称)
           05  OBLIGOR-NAME                 PIC X(60).
      * 提出義務者(電話番号)
           05  OBLIGOR-PHONE                PIC X(15).
      * 整理番号２
           05  REFERENCE-NO-2               PIC X(13).
      * 訂正表示
           05  CORRECTION-MARK              PIC X(1).
      * 新保険契約者等(住所（居所）又は所在地)
           05  NEW-ADDRESS                  PIC X(120).
      * 同(国外住所表示)
           05  NEW-OVERSEAS                 PIC X(1).
      * 同(氏名又は名称)
           05  NEW-NAME                     PIC X(60).
      * 同(個人・法人区分)
           05  NEW-PARTY                    PIC X(1).
      * 死亡した保険契約者等(住所（居所）)
           05  DECEASED-ADDRESS             PIC X(120).
      * 同(国外住所表示)
           05  DECEASED-OVERSEAS            PIC X(1).
      * 同(氏名)
           05  DECEASED-NAME                PIC X(60).
      * 被保険者等(住所（居所）又は所在地)
           05  INSURED-ADDRESS              PIC X(120).
      * 同(国外住所表示)
           05  INSURED-OVERSEAS             PIC X(1).
      * 同(氏名又は名称)
           05  INSURED-NAME                 PIC X(60).
      * 同(個人・法人区分)
           05  INSURED-PARTY                PIC X(1).
      * 評価日: 1 the day of death, 2 the day on which the change took effect
           05  VALUATION-CODE               PIC X(1).
      * 保険契約者等の死亡日(年)
           05  DEATH-YEAR                   PIC X(2).
      * 同(月)
           05  DEATH-MONTH                  PIC X(2).
      * 同(日)
           05  DEATH-DAY                    PIC X(2).
      * 保険等の種類
           05  INSURANCE-TYPE-TEXT          PIC X(30).
      * 契約者変更の効力発生日(年)
           05  EFFECTIVE-YEAR               PIC X(2).
      * 同(月)
           05  EFFECTIVE-MONTH              PIC X(2).
      * 同(日)
           05  EFFECTIVE-DAY                PIC X(2).
      * 提出年月日(年)
           05  SUBMISSION-YEAR              PIC X(2).
      * 同(月)
           05  SUBMISSION-MONTH             PIC X(2).
      * 同(日)
           05  SUBMISSION-DAY               PIC X(2).
      * 摘要
           05  REMARKS                      PIC X(200).
      * 提出義務者の法人番号
           05  OBLIGOR-CORPORATE-NO         PIC X(13).
           05  FILLER                       PIC X(6).
