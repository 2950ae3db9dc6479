-- +goose Up
CREATE TABLE links (
    id         TEXT   NOT NULL PRIMARY KEY,
    edition_id TEXT   NOT NULL REFERENCES editions (id),
    juror_id   TEXT   NOT NULL REFERENCES accounts (id),
    way        TEXT   NOT NULL CHECK (way IN ('card', 'letter')), -- how it reaches the juror
    token_hash TEXT   NOT NULL,
    code_hash  TEXT   NOT NULL,
    made_at    BIGINT NOT NULL,
    used_at    BIGINT NOT NULL,
    revoked_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX links_token ON links (token_hash);
CREATE UNIQUE INDEX links_code ON links (code_hash);
CREATE INDEX links_juror ON links (edition_id, juror_id);

INSERT INTO links (id, edition_id, juror_id, way, token_hash, code_hash, made_at, used_at, revoked_at)
SELECT id, edition_id, juror_id, 'card', token_hash, code_hash, made_at, used_at, revoked_at FROM jury_links;

CREATE TABLE link_misses (
    id TEXT   NOT NULL PRIMARY KEY,
    at BIGINT NOT NULL -- the wall's: a code was typed that is nobody's
);
CREATE INDEX link_misses_at ON link_misses (at);
