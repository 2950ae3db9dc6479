-- +goose Up
ALTER TABLE jury_criteria ADD COLUMN levels   TEXT NOT NULL DEFAULT ''; -- JSON, one text a level; low, middle and high are of older rows
ALTER TABLE jury_criteria ADD COLUMN prize_id TEXT NOT NULL DEFAULT ''; -- a bonus criterion: it counts for this prize alone
ALTER TABLE jury_rounds   ADD COLUMN ladder   TEXT NOT NULL DEFAULT ''; -- JSON, the steps by which a tie ends; '' is the usual one

-- What was changed in the rules after the first mark.
CREATE TABLE jury_amendments (
    id          TEXT   NOT NULL PRIMARY KEY,
    edition_id  TEXT   NOT NULL REFERENCES editions (id),
    round       BIGINT NOT NULL,
    what        TEXT   NOT NULL CHECK (what IN ('criteria', 'setup', 'ladder', 'panel')),
    reason      TEXT   NOT NULL,
    before_text TEXT   NOT NULL,
    after_text  TEXT   NOT NULL,
    made_by     TEXT   NOT NULL REFERENCES accounts (id),
    made_at     BIGINT NOT NULL
);
CREATE INDEX jury_amendments_edition ON jury_amendments (edition_id, made_at);
