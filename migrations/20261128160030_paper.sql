-- +goose Up
CREATE TABLE paper_sheets (
    id         TEXT   NOT NULL PRIMARY KEY,
    edition_id TEXT   NOT NULL REFERENCES editions (id),
    round      BIGINT NOT NULL,
    juror_id   TEXT   NOT NULL REFERENCES accounts (id),
    code       TEXT   NOT NULL,
    content    TEXT   NOT NULL, -- what is printed, as JSON: the criteria and the teams in their order
    printed_at BIGINT NOT NULL,
    printed_by TEXT   NOT NULL,
    state      TEXT   NOT NULL CHECK (state IN ('printed', 'once', 'twice', 'differs', 'taken')),
    taken_at   BIGINT NOT NULL,
    alone      TEXT   NOT NULL  -- why one person alone copied it
);
CREATE UNIQUE INDEX paper_sheets_code ON paper_sheets (edition_id, code);
CREATE INDEX paper_sheets_round ON paper_sheets (edition_id, round, juror_id);

CREATE TABLE paper_readings (
    sheet_id TEXT   NOT NULL REFERENCES paper_sheets (id),
    nr       BIGINT NOT NULL, -- 1 and 2 typed it, 3 decided
    by_id    TEXT   NOT NULL REFERENCES accounts (id),
    cells    TEXT   NOT NULL, -- as JSON, by team and criterion
    given_at BIGINT NOT NULL, -- the time that stands on the sheet, 0 for none
    typed_at BIGINT NOT NULL,
    PRIMARY KEY (sheet_id, nr)
);
