"""The control store's tables (管理表), in one place, with their version.

It holds no value of the number master and no payment: names of datasets, ids, counts, digests and dates. What names a person
is in the journal's sealed column only.
"""

VERSION = 4
"""Version of the tables (``PRAGMA user_version``)."""

APPLICATION_ID = 0x43484F53
"""``PRAGMA application_id``: "CHOS"."""

TABLES = """
CREATE TABLE journal (
    seq      INTEGER PRIMARY KEY,
    at       TEXT NOT NULL,
    kind     TEXT NOT NULL,
    who      TEXT NOT NULL,
    fields   TEXT NOT NULL,             -- canonical JSON
    sealed   BLOB,                      -- policy number and role of a person, wrapped; mostly NULL
    previous TEXT NOT NULL,
    hash     TEXT NOT NULL UNIQUE
) STRICT;
CREATE TRIGGER journal_is_never_edited BEFORE UPDATE ON journal
    BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
CREATE TRIGGER journal_is_never_cut BEFORE DELETE ON journal
    BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;

CREATE TABLE runs (
    id            TEXT PRIMARY KEY,     -- JANUARY.20270112.01
    deck          TEXT NOT NULL,
    business_date TEXT NOT NULL,
    parameters    TEXT NOT NULL,        -- canonical JSON
    fingerprint   TEXT NOT NULL,
    state         TEXT NOT NULL CHECK (state IN ('running', 'failed', 'finished', 'closed')),
    rc            INTEGER,
    attempt       INTEGER NOT NULL,
    begun_at      TEXT NOT NULL,
    ended_at      TEXT,
    UNIQUE (deck, business_date, parameters)
) STRICT;

CREATE TABLE run_references (           -- relative generations, fixed once per run
    run_id   TEXT NOT NULL REFERENCES runs (id),
    dsn      TEXT NOT NULL,
    relative INTEGER NOT NULL,
    number   INTEGER NOT NULL,
    PRIMARY KEY (run_id, dsn, relative)
) STRICT, WITHOUT ROWID;

CREATE TABLE steps (
    run_id     TEXT NOT NULL REFERENCES runs (id),
    step       TEXT NOT NULL,
    attempt    INTEGER NOT NULL,
    state      TEXT NOT NULL CHECK (state IN ('running', 'failed', 'finished', 'skipped')),
    rc         INTEGER,
    counts     TEXT NOT NULL DEFAULT '{}',
    started_at TEXT NOT NULL,
    ended_at   TEXT,
    elapsed    REAL,                    -- seconds
    PRIMARY KEY (run_id, step, attempt)
) STRICT;

CREATE TABLE generations (
    id            INTEGER PRIMARY KEY,
    dsn           TEXT NOT NULL,
    number        INTEGER NOT NULL CHECK (number > 0),
    version       INTEGER NOT NULL,
    state         TEXT NOT NULL
                  CHECK (state IN ('intent', 'committed', 'erase_pending', 'erased', 'quarantined')),
    committed     INTEGER NOT NULL DEFAULT 0 CHECK (committed IN (0, 1)),   -- was it ever?
    run_id        TEXT NOT NULL REFERENCES runs (id),
    step          TEXT NOT NULL,
    dd            TEXT NOT NULL,
    cohort        TEXT,
    business_date TEXT NOT NULL,
    records       INTEGER NOT NULL DEFAULT 0,
    plain_bytes   INTEGER NOT NULL DEFAULT 0,
    erased_at     TEXT
) STRICT;
CREATE UNIQUE INDEX one_committed_generation ON generations (dsn, number) WHERE state = 'committed';
CREATE UNIQUE INDEX one_intended_generation ON generations (dsn, number) WHERE state = 'intent';
CREATE INDEX generations_by_state ON generations (state);

CREATE TABLE files (
    id           TEXT PRIMARY KEY,
    path         TEXT NOT NULL UNIQUE,  -- relative to the data root
    generation   INTEGER REFERENCES generations (id),
    run_id       TEXT REFERENCES runs (id),
    step         TEXT,
    dd           TEXT,
    dsn          TEXT,
    cohort       TEXT,
    state        TEXT NOT NULL
                 CHECK (state IN ('intent', 'committed', 'erase_pending', 'erased', 'quarantined')),
    ordinal      INTEGER,
    label        TEXT NOT NULL DEFAULT '',
    records      INTEGER NOT NULL DEFAULT 0,
    plain_bytes  INTEGER NOT NULL DEFAULT 0,
    stored_bytes INTEGER NOT NULL DEFAULT 0,
    sha256       TEXT NOT NULL DEFAULT '',
    hmac         TEXT
) STRICT;
CREATE INDEX files_by_generation ON files (generation, ordinal);
CREATE INDEX files_by_state ON files (state);

CREATE TABLE media (                    -- 媒体管理簿
    id               TEXT PRIMARY KEY,  -- volume id
    run_id           TEXT NOT NULL REFERENCES runs (id),
    data_content     TEXT NOT NULL,     -- データ内容
    purpose          TEXT NOT NULL,     -- 利用目的
    made_on          TEXT NOT NULL,     -- 作成年月日
    moved_on         TEXT,              -- 移送日
    moved_to         TEXT NOT NULL,     -- 移送先
    person_in_charge TEXT NOT NULL,     -- 担当者名
    kept_for         TEXT NOT NULL,     -- 保存期間
    volume           INTEGER NOT NULL,
    volumes          INTEGER NOT NULL,
    image_sha256     TEXT NOT NULL,
    password_id      TEXT NOT NULL,
    part_id          TEXT NOT NULL REFERENCES files (id),
    path             TEXT NOT NULL,     -- relative to the data root
    medium           TEXT NOT NULL,
    records          TEXT NOT NULL,     -- canonical JSON: kind -> records
    CHECK (volume BETWEEN 1 AND volumes)
) STRICT;

CREATE TABLE deliveries (               -- files that others laid into an inbox
    id            INTEGER PRIMARY KEY,
    dsn           TEXT NOT NULL,
    name          TEXT NOT NULL,        -- fit for messages
    path          TEXT NOT NULL,        -- relative to the data root
    sha256        TEXT NOT NULL,        -- of the bytes as they were delivered, encrypted
    state         TEXT NOT NULL CHECK (state IN ('taken', 'refused', 'replaced', 'discarded', 'erase_pending', 'erased')),
    reason        TEXT NOT NULL DEFAULT '',
    file_no       INTEGER,
    file_date     TEXT,
    records       INTEGER NOT NULL DEFAULT 0,
    business_date TEXT NOT NULL,        -- of the night that judged it, or refused it first
    run_id        TEXT NOT NULL REFERENCES runs (id),
    attempt       INTEGER NOT NULL,     -- of the run, that took it first
    step          TEXT NOT NULL,
    at            TEXT NOT NULL
) STRICT;
CREATE INDEX deliveries_by_name ON deliveries (dsn, name);
CREATE UNIQUE INDEX a_number_is_taken_once ON deliveries (dsn, file_no)
    WHERE state IN ('taken', 'erase_pending', 'erased');

CREATE TABLE outbox (                   -- parts that are laid out for others
    id      INTEGER PRIMARY KEY,
    part_id TEXT NOT NULL UNIQUE REFERENCES files (id),
    path    TEXT NOT NULL UNIQUE,       -- relative to the data root
    state   TEXT NOT NULL CHECK (state IN ('pending', 'laid_out')),
    run_id  TEXT NOT NULL REFERENCES runs (id),
    at      TEXT NOT NULL
) STRICT;

CREATE TABLE pf_instructions (          -- PF削除指示
    id              TEXT PRIMARY KEY,   -- PFDEL.20270112.01
    state           TEXT NOT NULL CHECK (state IN ('prepared', 'approved', 'sent', 'acknowledged', 'certified',
                                                   'verified', 'closed')),
    business_date   TEXT NOT NULL,
    keys            INTEGER NOT NULL,
    digest          TEXT NOT NULL,      -- SHA-256 over its key ids
    prepared_by     TEXT NOT NULL,
    approved_by     TEXT,
    approved_at     TEXT,
    approval_reason TEXT,
    sent_on         TEXT,
    sends           INTEGER NOT NULL DEFAULT 0,
    resent_on       TEXT,               -- the last time, when it was sent more than once
    acknowledged_on TEXT,
    acknowledgement TEXT NOT NULL DEFAULT '',   -- SHA-256 over what the reply says
    certified_on    TEXT,
    certificate     TEXT NOT NULL DEFAULT '',   -- as above
    verified_on     TEXT,
    closed_on       TEXT,
    note            TEXT NOT NULL DEFAULT ''    -- codes of its findings
) STRICT;

CREATE TABLE pf_keys (                  -- numbers that the PF holds, by its key; no number
    id          TEXT PRIMARY KEY,
    stored_at   TEXT NOT NULL,          -- the PF's own time, yyyymmddhhmmss; unreadable: the day of the file, yyyymmdd
    state       TEXT NOT NULL CHECK (state IN ('rejected', 'due', 'instructed', 'disputed', 'deleted')),
    reason      TEXT NOT NULL DEFAULT '',
    instruction TEXT REFERENCES pf_instructions (id),   -- the last one that held it
    later       TEXT,                   -- what was declared since it was instructed, JSON: storage, state, reason
    run_id      TEXT NOT NULL REFERENCES runs (id),
    at          TEXT NOT NULL
) STRICT;
CREATE INDEX pf_keys_by_state ON pf_keys (state, stored_at);
CREATE INDEX pf_keys_by_instruction ON pf_keys (instruction);

CREATE TABLE handling_reports (         -- 取扱い記録
    business_date TEXT PRIMARY KEY,
    first_seq     INTEGER NOT NULL,
    last_seq      INTEGER NOT NULL,
    head          TEXT NOT NULL,
    run_id        TEXT NOT NULL REFERENCES runs (id),
    made_by       TEXT NOT NULL,
    signed_by     TEXT,
    signed_at     TEXT,
    note          TEXT NOT NULL DEFAULT ''
) STRICT;

CREATE TABLE inquiries (               -- 照会: what each person has asked for, to hold it against the hourly limits
    seq     INTEGER PRIMARY KEY REFERENCES journal (seq),
    person  TEXT NOT NULL,
    moment  INTEGER NOT NULL,          -- the journal row's own time, in seconds of UTC
    reveals INTEGER NOT NULL CHECK (reveals IN (0, 1))
) STRICT;
CREATE INDEX inquiries_by_person ON inquiries (person, moment);

CREATE TABLE approvals (                -- 許可: of one act on one exact thing
    id              TEXT PRIMARY KEY,   -- PERMIT.20270112.0001
    act             TEXT NOT NULL,
    subject         TEXT NOT NULL,
    digest          TEXT NOT NULL,      -- SHA-256 of exactly what it is done to
    person          TEXT NOT NULL,      -- who alone may do it
    reason          TEXT NOT NULL,
    requested_by    TEXT NOT NULL,
    requested_at    TEXT NOT NULL,
    expires_at      TEXT NOT NULL,
    state           TEXT NOT NULL CHECK (state IN ('requested', 'approved', 'used')),
    approved_by     TEXT,
    approved_at     TEXT,
    approval_reason TEXT,
    used_at         TEXT,
    witness         TEXT,
    CHECK (approved_by IS NULL OR (approved_by <> requested_by AND approved_by <> person)),
    CHECK (witness IS NULL OR (witness <> person AND witness <> approved_by)),
    CHECK ((state = 'requested') = (approved_by IS NULL)),
    CHECK ((state = 'used') = (used_at IS NOT NULL))
) STRICT;

CREATE TABLE submissions (              -- 提出台帳: one run's statements on their way to the tax office
    run_id     TEXT PRIMARY KEY REFERENCES runs (id),
    year       TEXT NOT NULL,
    state      TEXT NOT NULL CHECK (state IN ('none', 'checking', 'checked', 'enclosed', 'mailed', 'submitted',
                                              'acknowledged', 'withdrawn')),
    records    TEXT NOT NULL,           -- canonical JSON: kind -> statements
    volumes    INTEGER NOT NULL CHECK (volumes > 0),
    entered_by TEXT REFERENCES runs (id),   -- the run that entered its statements into those in force
    CHECK (entered_by IS NULL OR state IN ('submitted', 'acknowledged'))
) STRICT;

CREATE TABLE submission_acts (
    run_id  TEXT NOT NULL REFERENCES submissions (run_id),
    place   INTEGER NOT NULL,
    state   TEXT NOT NULL,              -- the state that it led to
    on_date TEXT NOT NULL,              -- the day it was done
    who     TEXT NOT NULL,
    note    TEXT NOT NULL,              -- tracking number, number of the receipt
    at      TEXT NOT NULL,              -- when it was entered
    PRIMARY KEY (run_id, place),
    UNIQUE (run_id, state)
) STRICT, WITHOUT ROWID;

CREATE TABLE reviews (                 -- 文字審査: what was decided of the texts of a review list; no text
    seq        INTEGER PRIMARY KEY REFERENCES journal (seq),
    generation INTEGER NOT NULL REFERENCES generations (id),
    record     INTEGER,                -- from 1; NULL: every record of the rule
    rule       TEXT NOT NULL,
    state      TEXT NOT NULL CHECK (state IN ('approved', 'overridden')),
    person     TEXT NOT NULL
) STRICT;
CREATE INDEX reviews_by_generation ON reviews (generation, record);
"""
