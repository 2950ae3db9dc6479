-- +goose Up
-- Where jurors go: by the plan, sent by the head of the jury, or as the ranking asks.
CREATE TABLE hall_errands (
    id         TEXT   NOT NULL PRIMARY KEY,
    edition_id TEXT   NOT NULL REFERENCES editions (id),
    round      BIGINT NOT NULL,
    juror_id   TEXT   NOT NULL REFERENCES accounts (id),
    team_id    TEXT   NOT NULL,
    slot       BIGINT NOT NULL, -- of the plan; 0 where it has none
    at         BIGINT NOT NULL, -- the edition's time; 0 for now
    source     TEXT   NOT NULL CHECK (source IN ('plan', 'sent', 'next')),
    state      TEXT   NOT NULL CHECK (state IN ('open', 'skipped', 'dropped')),
    why        TEXT   NOT NULL,
    made_at    BIGINT NOT NULL
);
CREATE UNIQUE INDEX hall_errands_open ON hall_errands (edition_id, round, juror_id, team_id) WHERE state = 'open';

-- Teams that went home before everybody had seen them.
CREATE TABLE hall_gone (
    edition_id TEXT   NOT NULL REFERENCES editions (id),
    team_id    TEXT   NOT NULL,
    made_at    BIGINT NOT NULL,
    PRIMARY KEY (edition_id, team_id)
);
