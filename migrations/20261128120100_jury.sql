-- +goose Up
CREATE TABLE jury_comparisons (
    id          TEXT   NOT NULL PRIMARY KEY,
    edition_id  TEXT   NOT NULL REFERENCES editions (id),
    round       BIGINT NOT NULL,
    juror_id    TEXT   NOT NULL REFERENCES accounts (id),
    better_id   TEXT   NOT NULL,
    worse_id    TEXT   NOT NULL,
    kind        TEXT   NOT NULL CHECK (kind IN ('better', 'withdrawn')),
    given_at    BIGINT NOT NULL,
    received_at BIGINT NOT NULL
);
CREATE INDEX jury_comparisons_juror ON jury_comparisons (edition_id, round, juror_id, given_at);
