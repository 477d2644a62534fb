      * 外字置換表: spellings that a person approved, applied to payment data before statements are built. CP932, RECFM F, LRECL 512.
      * Sealed; its key is POLICY-NO to BEFORE-TEXT. In the inbox a record is an approval; one without AFTER-TEXT takes an entry back.
       01  GAIJI.
           05  POLICY-NO                    PIC X(11).
      * role and payee of a payee's text; blank for a text of the policy (contractor, insured)
           05  ROLE-CODE                    PIC X(2).
           05  PAYEE-NO                     PIC X(2).
           05  FIELD-NAME                   PIC X(24).
           05  BEFORE-TEXT                  PIC X(200).
           05  AFTER-TEXT                   PIC X(200).
           05  APPROVED-BY                  PIC X(32).
      * yyyymmdd
           05  APPROVED-ON                  PIC X(8).
           05  FILLER                       PIC X(33).
