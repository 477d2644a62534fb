      * 個人番号等管理マスタ: number master, the 12 items of the seed's 別添2. CP932, RECFM F, LRECL 128, sealed.
      * Ascending order of the first four items; the highest REGISTRATION-NO of a person counts.
       01  NUMMAST.
      * 保険証書記号番号
           05  POLICY-NO                    PIC X(11).
      * 個人番号等対象者コード: 01 contractor, 02 payee
           05  ROLE-CODE                    PIC X(2).
      * 受取人登録通番: 00 for the contractor
           05  PAYEE-NO                     PIC X(2).
      * 個人番号等登録通番
           05  REGISTRATION-NO              PIC X(3).
      * マイナンバー
           05  INDIVIDUAL-NO                PIC X(12).
      * 法人番号
           05  CORPORATE-NO                 PIC X(13).
      * 個人番号等取得状態コード: 0 not held, 1 held, 2 changed, 9 cancelled
           05  STATE-CODE                   PIC X(1).
      * 個人番号等未取得理由コード
           05  REASON-CODE                  PIC X(2).
      * 個人番号等登録年月日 (yyyymmdd)
           05  REGISTERED-ON                PIC X(8).
      * 受取人登録関係者コード
           05  RELATION-CODE                PIC X(2).
      * 番号登録者カナ氏名
           05  REGISTRANT-KANA              PIC X(40).
      * 受付局所番号
           05  OFFICE-NO                    PIC X(5).
           05  FILLER                       PIC X(27).
