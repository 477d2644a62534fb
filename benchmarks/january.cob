      * The yardstick: extract, sort, match and build of the January
      * statements in COBOL, on the files that chosho reads. It decodes
      * IBM-1399 by table and checks numbers with NUMERIC; it seals
      * nothing, rejects no text and lists no reasons.
       IDENTIFICATION DIVISION.
       PROGRAM-ID. JANUARY.
       ENVIRONMENT DIVISION.
       INPUT-OUTPUT SECTION.
       FILE-CONTROL.
           SELECT PAY-FILE ASSIGN TO "PAYIN".
           SELECT CON-FILE ASSIGN TO "CONIN".
           SELECT NUM-FILE ASSIGN TO "NUMIN".
           SELECT TAB-FILE ASSIGN TO "TABIN".
           SELECT VER-FILE ASSIGN TO "VERWK".
           SELECT OUT-310 ASSIGN TO "OUT310"
              ORGANIZATION LINE SEQUENTIAL.
           SELECT OUT-366 ASSIGN TO "OUT366"
              ORGANIZATION LINE SEQUENTIAL.
           SELECT SORT-1 ASSIGN TO "SRT1".
           SELECT SORT-2 ASSIGN TO "SRT2".
           SELECT SORT-3 ASSIGN TO "SRT3".
       DATA DIVISION.
       FILE SECTION.
       FD PAY-FILE.
       01 PAY-REC.
          05 P-POLICY            PIC X(11).
          05 P-PAYEE-NO          PIC X(2).
          05 P-PAYMENT-NO        PIC X(4).
          05 P-KIND              PIC X(1).
          05 P-CATEGORY          PIC X(1).
          05 P-CUSTOMER          PIC X(10).
          05 P-PARTY             PIC X(1).
          05 P-NAME              PIC X(60).
          05 P-KANA              PIC X(40).
          05 P-ADDRESS           PIC X(120).
          05 P-OVERSEAS          PIC X(1).
          05 P-DATE              PIC X(8).
          05 P-EVENT-DATE        PIC X(8).
          05 P-EVENT             PIC X(2).
          05 P-AMOUNTS.
             10 P-AMOUNT         PIC S9(11) COMP-3 OCCURS 8.
          05 P-ANNUITY-TYPE      PIC X(2).
          05 P-ANNUITY           PIC S9(11) COMP-3 OCCURS 6.
          05 P-INHERITED         PIC X(1).
          05 P-INHERITED-DATA    PIC X(34).
          05 P-OFFICE            PIC X(5).
          05 P-REMARKS           PIC X(120).
          05 FILLER              PIC X(185).
       FD CON-FILE.
       01 CON-REC.
          05 C-POLICY            PIC X(11).
          05 FILLER              PIC X(1).
          05 C-TYPE              PIC X(2).
          05 FILLER              PIC X(19).
          05 C-NAME              PIC X(60).
          05 C-KANA              PIC X(40).
          05 C-ADDRESS           PIC X(120).
          05 C-OVERSEAS          PIC X(1).
          05 FILLER              PIC X(19).
          05 C-I-NAME            PIC X(60).
          05 C-I-ADDRESS         PIC X(120).
          05 C-I-OVERSEAS        PIC X(1).
          05 FILLER              PIC X(246).
       FD NUM-FILE.
       01 NUM-REC.
          05 N-POLICY            PIC X(11).
          05 N-ROLE              PIC X(2).
          05 N-PAYEE-NO          PIC X(2).
          05 N-REG               PIC X(3).
          05 N-INDIVIDUAL        PIC X(12).
          05 N-CORPORATE         PIC X(13).
          05 N-STATE             PIC X(1).
          05 FILLER              PIC X(12).
          05 N-KANA              PIC X(40).
          05 FILLER              PIC X(32).
       FD TAB-FILE.
       01 TAB-REC                PIC X(2).
       FD VER-FILE.
       01 VER-REC.
          05 VF-PLACE            PIC 9(9) COMP-5.
          05 VF-KEEP             PIC X(1).
       FD OUT-310.
       01 OUT-REC-310            PIC X(2000).
       FD OUT-366.
       01 OUT-REC-366            PIC X(2000).
       SD SORT-1.
       01 S1-REC.
          05 S1-KEY.
             10 S1-CUSTOMER      PIC X(10).
             10 S1-KIND          PIC X(1).
             10 S1-DATE          PIC X(8).
             10 S1-EVENT         PIC X(10).
          05 S1-AMOUNT           PIC S9(11) COMP-3.
          05 S1-ALWAYS           PIC X(1).
          05 S1-PLACE            PIC 9(9) COMP-5.
       SD SORT-2.
       01 S2-REC.
          05 S2-PLACE            PIC 9(9) COMP-5.
          05 S2-KEEP             PIC X(1).
       SD SORT-3.
       01 S3-REC.
          05 S3-KEY.
             10 S3-POLICY        PIC X(11).
             10 S3-PAYEE-NO      PIC X(2).
             10 S3-PAYMENT-NO    PIC X(4).
          05 S3-KIND             PIC X(1).
          05 S3-PARTY            PIC X(1).
          05 S3-NAME             PIC X(60).
          05 S3-KANA             PIC X(40).
          05 S3-ADDRESS          PIC X(120).
          05 S3-OVERSEAS         PIC X(1).
          05 S3-DATE             PIC X(8).
          05 S3-EVENT-DATE       PIC X(8).
          05 S3-EVENT            PIC X(2).
          05 S3-AMOUNT           PIC S9(11) COMP-3 OCCURS 8.
          05 S3-ANNUITY-TYPE     PIC X(2).
          05 S3-ANNUITY          PIC S9(11) COMP-3 OCCURS 6.
          05 S3-INHERITED        PIC X(1).
          05 S3-REMARKS          PIC X(120).
       WORKING-STORAGE SECTION.
       01 TABLES.
          05 DOUBLE-TAB          PIC X(2) OCCURS 65536.
       01 SINGLE-TABLE.
          05 SINGLE-TAB          PIC X OCCURS 256.
       01 W-BYTE                 PIC X.
       01 W-BYTE-CODE REDEFINES W-BYTE PIC X COMP-X.
       01 K                      PIC 9(9) COMP-5.
       01 W-PAIR                 PIC X(2).
       01 W-CODE REDEFINES W-PAIR PIC XX COMP-X.
       01 I                      PIC 9(9) COMP-5.
       01 J                      PIC 9(9) COMP-5.
       01 L                      PIC 9(9) COMP-5.
       01 P                      PIC 9(9) COMP-5.
       01 EOF                    PIC 9 VALUE 0.
       01 PLACE                  PIC 9(9) COMP-5 VALUE 0.
       01 PREVIOUS-KEY           PIC X(29) VALUE SPACES.
       01 GROUP-SUM              PIC S9(13) COMP-5 VALUE 0.
       01 GROUP-ALWAYS           PIC X VALUE "0".
       01 GROUP-LIMIT            PIC S9(13) COMP-5.
       01 GROUP-SIZE             PIC 9(9) COMP-5 VALUE 0.
       01 GROUP-PLACES.
          05 G-PLACE             PIC 9(9) COMP-5 OCCURS 200000.
       01 W-IN                   PIC X(120).
       01 W-OUT                  PIC X(120).
       01 W-LEN                  PIC 9(9) COMP-5.
       01 NUM-HELD.
          05 H-POLICY            PIC X(11) VALUE LOW-VALUES.
          05 H-CONTRACTOR        PIC X(13) VALUE SPACES.
          05 H-C-KANA            PIC X(40) VALUE SPACES.
          05 H-PAYEE             PIC X(13) VALUE SPACES.
          05 H-P-KANA            PIC X(40) VALUE SPACES.
       01 B-HELD.
          05 B-REC               PIC X(700).
          05 B-KEY               PIC X(13) VALUE SPACES.
          05 B-SUM               PIC S9(11) COMP-3 OCCURS 6.
       01 E                      PIC -(11)9.
       01 C-NAME-T               PIC X(60).
       01 C-KANA-T               PIC X(40).
       01 C-ADDRESS-T            PIC X(120).
       01 C-I-NAME-T             PIC X(60).
       01 C-I-ADDRESS-T          PIC X(120).
       01 O-REC                  PIC X(2000).
       01 W-SAVE                 PIC X(700).
       01 COUNT-310              PIC 9(9) COMP-5 VALUE 0.
       01 COUNT-366              PIC 9(9) COMP-5 VALUE 0.
       01 TAX-YEAR               PIC X(4).
       01 W-YEAR                 PIC X(4).
       01 OBLIGOR                PIC X(90).
       PROCEDURE DIVISION.
       MAIN-P.
           ACCEPT TAX-YEAR FROM ENVIRONMENT "TAX_YEAR"
           ACCEPT OBLIGOR FROM ENVIRONMENT "OBLIGOR"
           PERFORM LOAD-TABLES
           SORT SORT-1 ON ASCENDING KEY S1-KEY
              INPUT PROCEDURE NARROW-P OUTPUT PROCEDURE DECIDE-P
           OPEN INPUT CON-FILE NUM-FILE OUTPUT OUT-310 OUT-366
           PERFORM READ-CON
           PERFORM READ-NUM
           SORT SORT-2 ON ASCENDING KEY S2-PLACE
              USING VER-FILE GIVING VER-FILE
           SORT SORT-3 ON ASCENDING KEY S3-KEY
              INPUT PROCEDURE KEEP-P OUTPUT PROCEDURE BUILD-P
           CLOSE CON-FILE NUM-FILE OUT-310 OUT-366
           DISPLAY "310 " COUNT-310 " 366 " COUNT-366
           STOP RUN.
       LOAD-TABLES.
           OPEN INPUT TAB-FILE
           PERFORM VARYING I FROM 1 BY 1 UNTIL I > 65536
              READ TAB-FILE
              MOVE TAB-REC TO DOUBLE-TAB(I)
           END-PERFORM
           PERFORM VARYING I FROM 1 BY 1 UNTIL I > 256
              READ TAB-FILE
              MOVE TAB-REC(2:1) TO SINGLE-TAB(I)
           END-PERFORM
           CLOSE TAB-FILE.
       NARROW-P.
           OPEN INPUT PAY-FILE
           MOVE 0 TO EOF PLACE
           PERFORM UNTIL EOF = 1
              READ PAY-FILE AT END MOVE 1 TO EOF
                 NOT AT END
                    ADD 1 TO PLACE
                    PERFORM NARROW-ONE
              END-READ
           END-PERFORM
           CLOSE PAY-FILE.
       NARROW-ONE.
           MOVE P-DATE(1:4) TO W-YEAR
           MOVE W-YEAR TO W-IN MOVE 4 TO W-LEN
           PERFORM SINGLE-P
           MOVE W-OUT(1:4) TO W-YEAR
           IF W-YEAR = TAX-YEAR AND P-AMOUNT(1) IS NUMERIC
              MOVE SPACES TO S1-REC
              MOVE P-CUSTOMER TO S1-CUSTOMER
              MOVE P-KIND TO S1-KIND
              MOVE "0" TO S1-ALWAYS
              MOVE PLACE TO S1-PLACE
              IF P-KIND = X"F1"
                 IF P-CATEGORY = X"F1" AND P-PARTY = X"F1"
                    MOVE P-DATE TO S1-DATE
                    STRING P-EVENT P-EVENT-DATE DELIMITED BY SIZE
                       INTO S1-EVENT
                    ADD P-AMOUNT(1) P-AMOUNT(2) GIVING S1-AMOUNT
                    RELEASE S1-REC
                 END-IF
              ELSE
                 IF P-KIND = X"F2"
                    MOVE P-ANNUITY(1) TO S1-AMOUNT
                    IF P-INHERITED = X"F1"
                       MOVE "1" TO S1-ALWAYS
                    END-IF
                    RELEASE S1-REC
                 END-IF
              END-IF
           END-IF.
       DECIDE-P.
           OPEN OUTPUT VER-FILE
           MOVE 0 TO EOF
           PERFORM UNTIL EOF = 1
              RETURN SORT-1 AT END MOVE 1 TO EOF
                 NOT AT END
                    IF S1-KEY NOT = PREVIOUS-KEY
                       PERFORM END-GROUP
                       MOVE S1-KEY TO PREVIOUS-KEY
                    END-IF
                    ADD 1 TO GROUP-SIZE
                    MOVE S1-PLACE TO G-PLACE(GROUP-SIZE)
                    ADD S1-AMOUNT TO GROUP-SUM
                    IF S1-ALWAYS = "1" MOVE "1" TO GROUP-ALWAYS
                    END-IF
              END-RETURN
           END-PERFORM
           PERFORM END-GROUP
           CLOSE VER-FILE.
       END-GROUP.
           MOVE 1000000 TO GROUP-LIMIT
           IF PREVIOUS-KEY(11:1) = X"F2"
              MOVE 200000 TO GROUP-LIMIT
           END-IF
           MOVE "0" TO VF-KEEP
           IF GROUP-SUM > GROUP-LIMIT OR GROUP-ALWAYS = "1"
              MOVE "1" TO VF-KEEP
           END-IF
           IF VF-KEEP = "1"
              PERFORM VARYING I FROM 1 BY 1 UNTIL I > GROUP-SIZE
                 MOVE G-PLACE(I) TO VF-PLACE
                 WRITE VER-REC
              END-PERFORM
           END-IF
           MOVE 0 TO GROUP-SIZE GROUP-SUM
           MOVE "0" TO GROUP-ALWAYS.
       KEEP-P.
           OPEN INPUT PAY-FILE VER-FILE
           MOVE 0 TO EOF PLACE
           READ VER-FILE AT END MOVE 1 TO EOF END-READ
           PERFORM UNTIL EOF = 1
              READ PAY-FILE AT END MOVE 1 TO EOF
                 NOT AT END
                    ADD 1 TO PLACE
                    IF PLACE = VF-PLACE
                       PERFORM KEEP-ONE
                       READ VER-FILE AT END MOVE 1 TO EOF END-READ
                    END-IF
              END-READ
           END-PERFORM
           CLOSE PAY-FILE VER-FILE.
       KEEP-ONE.
           MOVE P-POLICY TO S3-POLICY
           MOVE P-PAYEE-NO TO S3-PAYEE-NO
           MOVE P-PAYMENT-NO TO S3-PAYMENT-NO
           MOVE S3-KEY TO W-IN MOVE 17 TO W-LEN
           PERFORM SINGLE-P
           MOVE W-OUT(1:17) TO S3-KEY
           MOVE P-KIND TO S3-KIND
           MOVE P-PARTY TO S3-PARTY
           MOVE P-NAME TO W-IN MOVE 60 TO W-LEN
           PERFORM DOUBLE-P
           MOVE W-OUT TO S3-NAME
           MOVE P-ADDRESS TO W-IN MOVE 120 TO W-LEN
           PERFORM DOUBLE-P
           MOVE W-OUT TO S3-ADDRESS
           MOVE P-KANA TO S3-KANA
           MOVE S3-KANA TO W-IN MOVE 40 TO W-LEN
           PERFORM SINGLE-P
           MOVE W-OUT(1:40) TO S3-KANA
           MOVE P-OVERSEAS TO S3-OVERSEAS
           MOVE S3-OVERSEAS TO W-IN MOVE 1 TO W-LEN
           PERFORM SINGLE-P
           MOVE W-OUT(1:1) TO S3-OVERSEAS
           MOVE P-DATE TO S3-DATE
           MOVE S3-DATE TO W-IN MOVE 8 TO W-LEN
           PERFORM SINGLE-P
           MOVE W-OUT(1:8) TO S3-DATE
           MOVE P-EVENT-DATE TO S3-EVENT-DATE
           MOVE S3-EVENT-DATE TO W-IN MOVE 8 TO W-LEN
           PERFORM SINGLE-P
           MOVE W-OUT(1:8) TO S3-EVENT-DATE
           MOVE P-EVENT TO S3-EVENT
           MOVE S3-EVENT TO W-IN MOVE 2 TO W-LEN
           PERFORM SINGLE-P
           MOVE W-OUT(1:2) TO S3-EVENT
           PERFORM VARYING J FROM 1 BY 1 UNTIL J > 8
              MOVE P-AMOUNT(J) TO S3-AMOUNT(J)
           END-PERFORM
           PERFORM VARYING J FROM 1 BY 1 UNTIL J > 6
              MOVE P-ANNUITY(J) TO S3-ANNUITY(J)
           END-PERFORM
           MOVE P-ANNUITY-TYPE TO S3-ANNUITY-TYPE
           MOVE S3-ANNUITY-TYPE TO W-IN MOVE 2 TO W-LEN
           PERFORM SINGLE-P
           MOVE W-OUT(1:2) TO S3-ANNUITY-TYPE
           MOVE P-INHERITED TO S3-INHERITED
           PERFORM MIXED-P
           RELEASE S3-REC.
       DOUBLE-P.
           MOVE SPACES TO W-OUT
           PERFORM UNTIL W-LEN = 0 OR
              W-IN(W-LEN - 1:2) NOT = X"4040"
              SUBTRACT 2 FROM W-LEN
           END-PERFORM
           PERFORM VARYING J FROM 1 BY 2 UNTIL J > W-LEN
              MOVE W-IN(J:2) TO W-PAIR
              MOVE DOUBLE-TAB(W-CODE + 1) TO W-OUT(J:2)
           END-PERFORM.
       SINGLE-P.
           PERFORM VARYING K FROM 1 BY 1 UNTIL K > W-LEN
              MOVE W-IN(K:1) TO W-BYTE
              MOVE SINGLE-TAB(W-BYTE-CODE + 1) TO W-OUT(K:1)
           END-PERFORM.
       MIXED-P.
           MOVE SPACES TO S3-REMARKS
           MOVE 1 TO I J
           MOVE 120 TO L
           PERFORM UNTIL L = 0 OR P-REMARKS(L:1) NOT = X"40"
              SUBTRACT 1 FROM L
           END-PERFORM
           PERFORM UNTIL I > L
              IF P-REMARKS(I:1) = X"0E"
                 ADD 1 TO I
                 PERFORM UNTIL I > L OR P-REMARKS(I:1) = X"0F"
                    MOVE P-REMARKS(I:2) TO W-PAIR
                    MOVE DOUBLE-TAB(W-CODE + 1) TO S3-REMARKS(J:2)
                    ADD 2 TO I J
                 END-PERFORM
                 ADD 1 TO I
              ELSE
                 MOVE P-REMARKS(I:1) TO S3-REMARKS(J:1)
                 MOVE S3-REMARKS(J:1) TO W-BYTE
                 MOVE SINGLE-TAB(W-BYTE-CODE + 1) TO S3-REMARKS(J:1)
                 ADD 1 TO I J
              END-IF
           END-PERFORM.
       BUILD-P.
           MOVE 0 TO EOF
           PERFORM UNTIL EOF = 1
              RETURN SORT-3 AT END MOVE 1 TO EOF
                 NOT AT END PERFORM BUILD-ONE
              END-RETURN
           END-PERFORM
           PERFORM END-ANNUITY.
       BUILD-ONE.
           IF S3-KEY(1:13) NOT = B-KEY PERFORM END-ANNUITY END-IF
           IF S3-POLICY NOT = H-POLICY
              PERFORM MATCH-CONTRACT
              PERFORM MATCH-NUMBERS
           END-IF
           IF S3-KIND = X"F1"
              PERFORM WRITE-310
           ELSE
              IF B-KEY = SPACES
                 MOVE S3-REC TO B-REC
                 MOVE S3-KEY(1:13) TO B-KEY
                 PERFORM VARYING J FROM 1 BY 1 UNTIL J > 6
                    MOVE S3-ANNUITY(J) TO B-SUM(J)
                 END-PERFORM
              ELSE
                 PERFORM VARYING J FROM 1 BY 1 UNTIL J > 6
                    ADD S3-ANNUITY(J) TO B-SUM(J)
                 END-PERFORM
              END-IF
           END-IF.
       READ-CON.
           READ CON-FILE AT END MOVE HIGH-VALUES TO C-POLICY
              NOT AT END
                 MOVE C-POLICY TO W-IN MOVE 11 TO W-LEN
                 PERFORM SINGLE-P
                 MOVE W-OUT(1:11) TO C-POLICY
           END-READ.
       READ-NUM.
           READ NUM-FILE AT END MOVE HIGH-VALUES TO N-POLICY END-READ.
       MATCH-CONTRACT.
           PERFORM READ-CON UNTIL C-POLICY >= S3-POLICY
           MOVE C-NAME TO W-IN MOVE 60 TO W-LEN
           PERFORM DOUBLE-P
           MOVE W-OUT TO C-NAME-T
           MOVE C-ADDRESS TO W-IN MOVE 120 TO W-LEN
           PERFORM DOUBLE-P
           MOVE W-OUT TO C-ADDRESS-T
           MOVE C-I-NAME TO W-IN MOVE 60 TO W-LEN
           PERFORM DOUBLE-P
           MOVE W-OUT TO C-I-NAME-T
           MOVE C-I-ADDRESS TO W-IN MOVE 120 TO W-LEN
           PERFORM DOUBLE-P
           MOVE W-OUT TO C-I-ADDRESS-T
           MOVE C-KANA TO C-KANA-T
           MOVE C-KANA-T TO W-IN MOVE 40 TO W-LEN
           PERFORM SINGLE-P
           MOVE W-OUT(1:40) TO C-KANA-T
           MOVE C-TYPE TO W-IN MOVE 2 TO W-LEN
           PERFORM SINGLE-P
           MOVE W-OUT(1:2) TO C-TYPE
           MOVE C-OVERSEAS TO W-IN MOVE 1 TO W-LEN
           PERFORM SINGLE-P
           MOVE W-OUT(1:1) TO C-OVERSEAS
           MOVE C-I-OVERSEAS TO W-IN MOVE 1 TO W-LEN
           PERFORM SINGLE-P
           MOVE W-OUT(1:1) TO C-I-OVERSEAS.
       MATCH-NUMBERS.
           MOVE S3-POLICY TO H-POLICY
           MOVE SPACES TO H-CONTRACTOR H-PAYEE H-C-KANA H-P-KANA
           PERFORM READ-NUM UNTIL N-POLICY >= S3-POLICY
           PERFORM UNTIL N-POLICY NOT = S3-POLICY
              EVALUATE N-ROLE
                 WHEN "01"
                    PERFORM NUMBER-P
                    MOVE W-OUT(1:13) TO H-CONTRACTOR
                    MOVE N-KANA TO H-C-KANA
                 WHEN "02"
                    PERFORM NUMBER-P
                    MOVE W-OUT(1:13) TO H-PAYEE
                    MOVE N-KANA TO H-P-KANA
              END-EVALUATE
              PERFORM READ-NUM
           END-PERFORM
           IF H-C-KANA NOT = C-KANA-T MOVE SPACES TO H-CONTRACTOR
           END-IF
           IF H-P-KANA NOT = S3-KANA MOVE SPACES TO H-PAYEE END-IF.
       NUMBER-P.
           MOVE SPACES TO W-OUT
           IF N-STATE = "1"
              IF N-CORPORATE NOT = SPACES
                 MOVE N-CORPORATE TO W-OUT
              ELSE
                 STRING "0" N-INDIVIDUAL DELIMITED BY SIZE INTO W-OUT
              END-IF
           END-IF.
       WRITE-310.
           MOVE SPACES TO O-REC
           MOVE 1 TO P
           STRING "310,,," OBLIGOR DELIMITED BY "  "
              ",,,,0,08," DELIMITED BY SIZE INTO O-REC POINTER P
           MOVE S3-ADDRESS TO W-OUT MOVE 120 TO L PERFORM PUT-T
           STRING S3-OVERSEAS "," DELIMITED BY SIZE
              INTO O-REC POINTER P
           MOVE S3-NAME TO W-OUT MOVE 60 TO L PERFORM PUT-T
           MOVE C-ADDRESS-T TO W-OUT MOVE 120 TO L PERFORM PUT-T
           STRING C-OVERSEAS "," DELIMITED BY SIZE
              INTO O-REC POINTER P
           MOVE C-NAME-T TO W-OUT MOVE 60 TO L PERFORM PUT-T
           MOVE C-I-ADDRESS-T TO W-OUT MOVE 120 TO L PERFORM PUT-T
           STRING C-I-OVERSEAS "," DELIMITED BY SIZE
              INTO O-REC POINTER P
           MOVE C-I-NAME-T TO W-OUT MOVE 60 TO L PERFORM PUT-T
           PERFORM VARYING I FROM 1 BY 1 UNTIL I > 8
              MOVE S3-AMOUNT(I) TO E PERFORM PUT-N
           END-PERFORM
           STRING S3-EVENT "," S3-EVENT-DATE(3:2) ","
              S3-EVENT-DATE(5:2) "," S3-EVENT-DATE(7:2) ","
              C-TYPE "," S3-DATE(3:2) "," S3-DATE(5:2) ","
              S3-DATE(7:2) "," DELIMITED BY SIZE INTO O-REC POINTER P
           MOVE S3-REMARKS TO W-OUT MOVE 120 TO L PERFORM PUT-T
           STRING "7123456789012," DELIMITED BY SIZE
              INTO O-REC POINTER P
           MOVE H-PAYEE TO W-OUT MOVE 13 TO L PERFORM PUT-T
           MOVE H-CONTRACTOR TO W-OUT MOVE 13 TO L PERFORM PUT-T
           STRING ",,," X"0D" DELIMITED BY SIZE INTO O-REC POINTER P
           WRITE OUT-REC-310 FROM O-REC
           ADD 1 TO COUNT-310.
       END-ANNUITY.
           IF B-KEY = SPACES EXIT PARAGRAPH END-IF
           MOVE S3-REC TO W-SAVE
           MOVE B-REC TO S3-REC
           MOVE SPACES TO O-REC
           MOVE 1 TO P
           STRING "366,,," OBLIGOR DELIMITED BY "  "
              ",,,,0,08," DELIMITED BY SIZE INTO O-REC POINTER P
           MOVE S3-ADDRESS TO W-OUT MOVE 120 TO L PERFORM PUT-T
           STRING S3-OVERSEAS "," DELIMITED BY SIZE
              INTO O-REC POINTER P
           MOVE S3-NAME TO W-OUT MOVE 60 TO L PERFORM PUT-T
           STRING S3-ANNUITY-TYPE "," DELIMITED BY SIZE
              INTO O-REC POINTER P
           PERFORM VARYING I FROM 1 BY 1 UNTIL I > 6
              MOVE B-SUM(I) TO E PERFORM PUT-N
           END-PERFORM
           MOVE C-ADDRESS-T TO W-OUT MOVE 120 TO L PERFORM PUT-T
           MOVE C-NAME-T TO W-OUT MOVE 60 TO L PERFORM PUT-T
           STRING ",,,,,,,,,,," DELIMITED BY SIZE INTO O-REC POINTER P
           MOVE S3-REMARKS TO W-OUT MOVE 120 TO L PERFORM PUT-T
           STRING "7123456789012," DELIMITED BY SIZE
              INTO O-REC POINTER P
           MOVE H-PAYEE TO W-OUT MOVE 13 TO L PERFORM PUT-T
           MOVE H-CONTRACTOR TO W-OUT MOVE 13 TO L PERFORM PUT-T
           STRING X"0D" DELIMITED BY SIZE INTO O-REC POINTER P
           WRITE OUT-REC-366 FROM O-REC
           ADD 1 TO COUNT-366
           MOVE SPACES TO B-KEY
           MOVE W-SAVE TO S3-REC.
       PUT-T.
           PERFORM UNTIL L = 0 OR W-OUT(L:1) NOT = SPACE
              SUBTRACT 1 FROM L
           END-PERFORM
           IF L > 0
              MOVE W-OUT(1:L) TO O-REC(P:L) ADD L TO P
           END-IF
           MOVE "," TO O-REC(P:1) ADD 1 TO P.
       PUT-N.
           MOVE 1 TO J
           PERFORM UNTIL E(J:1) NOT = SPACE
              ADD 1 TO J
           END-PERFORM
           COMPUTE L = 13 - J
           MOVE E(J:L) TO O-REC(P:L) ADD L TO P
           MOVE "," TO O-REC(P:1) ADD 1 TO P.
