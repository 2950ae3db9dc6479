-- +goose Up
-- Where those work whom an organiser names: mentors, jurors, partners and the others.
CREATE TABLE edition_organisations (
    edition_id TEXT NOT NULL REFERENCES editions (id),
    account_id TEXT NOT NULL REFERENCES accounts (id),
    name       TEXT NOT NULL,
    PRIMARY KEY (edition_id, account_id)
);
