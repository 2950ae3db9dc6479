-- +goose Up
-- What the organiser wants of the teams of an edition.
CREATE TABLE forming_rules (
    edition_id TEXT   NOT NULL PRIMARY KEY REFERENCES editions (id),
    content    TEXT   NOT NULL, -- JSON
    changed_at BIGINT NOT NULL
);

-- What people would like of their team, and with whom they would rather not be. The rows
-- are deleted when the event is over.
CREATE TABLE forming_wishes (
    edition_id TEXT   NOT NULL REFERENCES editions (id),
    account_id TEXT   NOT NULL REFERENCES accounts (id),
    content    TEXT   NOT NULL, -- JSON
    group_code TEXT   NOT NULL, -- shared by those who want to stay together; '' for none
    changed_at BIGINT NOT NULL,
    PRIMARY KEY (edition_id, account_id)
);
CREATE INDEX forming_wishes_group ON forming_wishes (edition_id, group_code);

CREATE TABLE forming_proposals (
    id             TEXT    NOT NULL PRIMARY KEY,
    edition_id     TEXT    NOT NULL REFERENCES editions (id),
    number         BIGINT  NOT NULL, -- 1 is A
    state          TEXT    NOT NULL CHECK (state IN ('open', 'published', 'dropped')),
    content        TEXT    NOT NULL, -- JSON: the groups, the locks, the moves by hand
    cost           BIGINT  NOT NULL,
    bound          BIGINT  NOT NULL,
    proven         BOOLEAN NOT NULL,
    stopped        BOOLEAN NOT NULL,
    basis_id       TEXT    NOT NULL, -- the proposal that it was to change little; '' for none
    board_revision BIGINT  NOT NULL, -- the teams for which it was made
    revision       BIGINT  NOT NULL, -- grows with every change by hand
    made_at        BIGINT  NOT NULL
);
CREATE UNIQUE INDEX forming_proposals_number ON forming_proposals (edition_id, number);

-- The last search of an edition, while it goes on and after.
CREATE TABLE forming_runs (
    edition_id TEXT   NOT NULL PRIMARY KEY REFERENCES editions (id),
    job_id     TEXT   NOT NULL,
    content    TEXT   NOT NULL, -- JSON: what got better and when, the best so far
    started_at BIGINT NOT NULL
);
