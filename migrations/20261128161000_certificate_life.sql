-- +goose Up
-- A certificate may be withdrawn, for a reason that its code tells; the person gets no
-- other of its kind until somebody takes that back.
ALTER TABLE certificates ADD COLUMN revoked_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE certificates ADD COLUMN revoked_for TEXT NOT NULL DEFAULT '';

-- Codes on sheets that a corrected one replaced: who types one hears so.
CREATE TABLE certificate_former (
    code           TEXT   NOT NULL PRIMARY KEY,
    certificate_id TEXT   NOT NULL REFERENCES certificates (id),
    issued_at      BIGINT NOT NULL,
    replaced_at    BIGINT NOT NULL,
    reason         TEXT   NOT NULL
);

-- Which sheets went out by letter: each once.
CREATE TABLE certificate_letters (
    code     TEXT   NOT NULL PRIMARY KEY,
    sent_at  BIGINT NOT NULL,
    trouble  TEXT   NOT NULL -- why the mail server would not take it, '' where it did
);
