-- +goose Up
-- Who asked for a letter to sign in, by a mark of the address: whether somebody has an
-- account is not to be read from when it is said that they asked too often.
CREATE TABLE sign_in_asks (
    id           TEXT   NOT NULL PRIMARY KEY,
    address_mark TEXT   NOT NULL,
    asked_at     BIGINT NOT NULL
);
CREATE INDEX sign_in_asks_address ON sign_in_asks (address_mark, asked_at);
