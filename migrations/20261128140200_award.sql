-- +goose Up
-- A juror's signature under the minutes. It binds to the digest of what they read: when
-- the minutes change, it stays and is seen to be of an earlier version.
CREATE TABLE deliberation_signatures (
    id         TEXT   NOT NULL PRIMARY KEY,
    edition_id TEXT   NOT NULL REFERENCES editions (id),
    account_id TEXT   NOT NULL,
    name       TEXT   NOT NULL,
    digest     TEXT   NOT NULL,
    way        TEXT   NOT NULL CHECK (way IN ('session', 'code')),
    drawing    TEXT   NOT NULL, -- strokes; '' for none
    signed_at  BIGINT NOT NULL,
    UNIQUE (edition_id, account_id, digest)
);

-- A scan of the minutes signed on paper.
CREATE TABLE deliberation_scans (
    id         TEXT   NOT NULL PRIMARY KEY,
    edition_id TEXT   NOT NULL REFERENCES editions (id),
    digest     TEXT   NOT NULL, -- of the minutes as they were then
    file_key   TEXT   NOT NULL,
    file_kind  TEXT   NOT NULL,
    file_hash  TEXT   NOT NULL, -- SHA-256
    actor_name TEXT   NOT NULL,
    added_at   BIGINT NOT NULL
);
CREATE INDEX deliberation_scans_edition ON deliberation_scans (edition_id, added_at, id);

-- Who was told the results by letter.
CREATE TABLE award_letters (
    edition_id TEXT NOT NULL REFERENCES editions (id),
    account_id TEXT NOT NULL,
    PRIMARY KEY (edition_id, account_id)
);
