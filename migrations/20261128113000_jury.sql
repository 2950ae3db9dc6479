-- +goose Up
ALTER TABLE jury_conflicts ADD COLUMN tie          TEXT NOT NULL DEFAULT ''; -- a source that the check on source has no word for
ALTER TABLE jury_jurors    ADD COLUMN organisation TEXT NOT NULL DEFAULT ''; -- for whom the juror works, as they wrote it

-- Marks of the rehearsal for jurors, on made-up projects. They stand apart: no ranking reads them.
CREATE TABLE jury_practice (
    id          TEXT   NOT NULL PRIMARY KEY,
    edition_id  TEXT   NOT NULL REFERENCES editions (id),
    juror_id    TEXT   NOT NULL REFERENCES accounts (id),
    project     TEXT   NOT NULL,
    criterion   TEXT   NOT NULL,
    value       TEXT   NOT NULL, -- a number, or not_observed
    given_at    BIGINT NOT NULL,
    received_at BIGINT NOT NULL
);
CREATE INDEX jury_practice_juror ON jury_practice (edition_id, juror_id, project, given_at);
