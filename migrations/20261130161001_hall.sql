-- +goose Up
-- What the last change of plan did: to whom it gave a visit, and which it moved.
ALTER TABLE hall_errands ADD COLUMN was_slot BIGINT NOT NULL DEFAULT 0; -- before it was moved; 0 for a visit that is new to the juror
ALTER TABLE hall_errands ADD COLUMN was_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE hall_errands ADD COLUMN change_id TEXT NOT NULL DEFAULT '';

CREATE TABLE hall_changes (
    id         TEXT   NOT NULL PRIMARY KEY,
    edition_id TEXT   NOT NULL REFERENCES editions (id),
    round      BIGINT NOT NULL,
    juror_id   TEXT   NOT NULL, -- who is missing, or ''
    team_id    TEXT   NOT NULL, -- who left, or ''
    at         BIGINT NOT NULL  -- the edition's time
);

CREATE TABLE hall_lost (
    change_id TEXT   NOT NULL REFERENCES hall_changes (id),
    place     BIGINT NOT NULL,
    team_id   TEXT   NOT NULL,
    PRIMARY KEY (change_id, place)
);
