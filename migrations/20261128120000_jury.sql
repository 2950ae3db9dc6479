-- +goose Up
ALTER TABLE jury_marks ADD COLUMN device TEXT NOT NULL DEFAULT ''; -- which of the juror's devices; '' where it did not say
ALTER TABLE jury_marks ADD COLUMN seen_at BIGINT NOT NULL DEFAULT 0; -- the newest mark that it showed of the sheet, by its received_at; 0 for all

CREATE TABLE jury_words (
    id         TEXT    NOT NULL PRIMARY KEY,
    edition_id TEXT    NOT NULL REFERENCES editions (id),
    juror_id   TEXT    NOT NULL REFERENCES accounts (id),
    team_id    TEXT    NOT NULL,
    text       TEXT    NOT NULL,
    named      BOOLEAN NOT NULL, -- the juror lets the team know whose word it is
    given_at   BIGINT  NOT NULL
);
CREATE INDEX jury_words_sheet ON jury_words (edition_id, juror_id, team_id, given_at);
