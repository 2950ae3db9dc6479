-- +goose Up
-- What anyone may verify by its code. No name is kept, only initials: the name stands on
-- the paper.
CREATE TABLE certificates (
    id         TEXT   NOT NULL PRIMARY KEY,
    edition_id TEXT   NOT NULL REFERENCES editions (id),
    account_id TEXT   NOT NULL,
    kind       TEXT   NOT NULL CHECK (kind IN ('participation', 'diploma', 'thanks')),
    subject    TEXT   NOT NULL, -- the prize of a diploma, the role of thanks, '' otherwise
    code       TEXT   NOT NULL UNIQUE,
    initials   TEXT   NOT NULL,
    issued_at  BIGINT NOT NULL,
    UNIQUE (edition_id, account_id, kind, subject)
);
CREATE INDEX certificates_account ON certificates (account_id);
