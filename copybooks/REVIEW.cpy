      * 文字審査一覧: texts of built statements that a person looks at, before and after. CP932, RECFM F, LRECL 480, sealed.
       01  REVIEW.
           05  POLICY-NO                    PIC X(11).
           05  ROLE-CODE                    PIC X(2).
           05  PAYEE-NO                     PIC X(2).
           05  PAYMENT-NO                   PIC X(4).
           05  STATEMENT-CODE               PIC X(3).
           05  ITEM-NO                      PIC 9(2).
      * what the builder changed: FW FD KN GT CT SP, see CHANGE; what a person should look at in the row as it stands: PZ postal
      * code in an address, PU other signs than －～・ in an address, N2 more than one space in a name, TI title behind a name,
      * CO company form not in brackets
           05  RULE                         PIC X(2).
      * the field of the payment data that the item comes from
           05  FIELD-NAME                   PIC X(24).
           05  BEFORE-TEXT                  PIC X(200).
           05  AFTER-TEXT                   PIC X(200).
           05  FILLER                       PIC X(30).
