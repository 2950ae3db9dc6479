-- +goose Up
CREATE TABLE meals (
    id         TEXT   NOT NULL PRIMARY KEY,
    edition_id TEXT   NOT NULL REFERENCES editions (id),
    name       TEXT   NOT NULL,
    at         BIGINT NOT NULL
);
CREATE INDEX meals_edition ON meals (edition_id, at);

CREATE TABLE meal_servings (
    id         TEXT    NOT NULL PRIMARY KEY,
    meal_id    TEXT    NOT NULL REFERENCES meals (id),
    account_id TEXT    NOT NULL REFERENCES accounts (id),
    state      TEXT    NOT NULL CHECK (state IN ('first', 'extra', 'twice')),
    reason     TEXT    NOT NULL,
    served_by  TEXT    NOT NULL,
    served_at  BIGINT  NOT NULL
);
-- A badge eats once a meal; more is an extra with its reason, or two phones that did not
-- know of each other.
CREATE UNIQUE INDEX meal_servings_once ON meal_servings (meal_id, account_id) WHERE state = 'first';
CREATE INDEX meal_servings_meal ON meal_servings (meal_id, served_at);
