-- +goose Up
-- One chain an edition: where it ends, and what keeps short texts from being guessed.
CREATE TABLE chain_heads (
    edition_id TEXT   NOT NULL PRIMARY KEY,
    n          BIGINT NOT NULL,
    hash       TEXT   NOT NULL, -- of entry n
    salt       TEXT   NOT NULL
);

-- Entries are only ever added, with n counting from 1 without a gap.
CREATE TABLE chain_entries (
    edition_id TEXT   NOT NULL,
    n          BIGINT NOT NULL,
    made_at    BIGINT NOT NULL,
    kind       TEXT   NOT NULL,
    subject    TEXT   NOT NULL,
    body       TEXT   NOT NULL, -- canonical JSON
    hash       TEXT   NOT NULL,
    PRIMARY KEY (edition_id, n)
);
