-- +goose Up
-- How people of an edition choose their workshops: until when, how many each, the last
-- plan of seats and what became of it.
CREATE TABLE choosing_books (
    edition_id   TEXT   NOT NULL PRIMARY KEY REFERENCES editions (id),
    until_at     BIGINT NOT NULL, -- the edition's time; 0 while nobody chooses
    most         BIGINT NOT NULL, -- workshops a person
    job_id       TEXT   NOT NULL, -- the last that was to plan the seats
    plan         TEXT   NOT NULL, -- JSON, or '' for none
    published_at BIGINT NOT NULL
);

CREATE TABLE choosing_wishes (
    edition_id TEXT   NOT NULL REFERENCES editions (id),
    account_id TEXT   NOT NULL REFERENCES accounts (id),
    content    TEXT   NOT NULL, -- JSON: session ids, the best first
    changed_at BIGINT NOT NULL,
    PRIMARY KEY (edition_id, account_id)
);
