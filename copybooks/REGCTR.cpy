      * 個人番号等登録請求（窓口端末）: request from a counter terminal. IBM-1399, RECFM F, LRECL 200.
       01  REGCTR.
           05  RECORD-TYPE                  PIC X(1).
      * 保険証書記号番号
           05  POLICY-NO                    PIC X(11).
      * 受取人種別: 01 contractor, 02 payee of a lump sum, 03 payee of an annuity
           05  RECIPIENT-TYPE               PIC X(2).
      * 受取人登録通番: 00 for the contractor
           05  PAYEE-NO                     PIC X(2).
      * 1 登録, 2 修正, 3 削除, 4 未取得
           05  REQUEST-KIND                 PIC X(1).
      * 番号登録者カナ氏名
           05  REGISTRANT-KANA              PIC X(40).
           05  INDIVIDUAL-NO                PIC X(12).
           05  CORPORATE-NO                 PIC X(13).
      * 個人番号等未取得理由コード, for 未取得 only
           05  REASON-CODE                  PIC X(2).
      * 受取人登録関係者コード
           05  RELATION-CODE                PIC X(2).
      * 受付局所番号
           05  OFFICE-NO                    PIC X(5).
      * C1 CTM, C2 JP-PC(3001), C3 JP-PC(5001), C4 ポスタルタブレットPC, C5 かんぽPC（事務）
           05  TERMINAL-TYPE                PIC X(2).
           05  TERMINAL-ID                  PIC X(10).
           05  EMPLOYEE-ID                  PIC X(8).
      * 承認者: a second person, for 削除
           05  APPROVER-ID                  PIC X(8).
      * 本人確認書類: 01 個人番号カード, 02 通知カード, 03 住民票, 04 法人番号指定通知書, 09 その他
           05  DOCUMENT-KIND                PIC X(2).
      * 本人確認 1 done
           05  VERIFIED                     PIC X(1).
      * yyyymmddhhmmss
           05  ACCEPTED-AT                  PIC X(14).
           05  FILLER                       PIC X(64).
