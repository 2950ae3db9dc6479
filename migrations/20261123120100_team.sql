-- +goose Up
-- What the organiser decided about the teams of an edition; its revision grows with
-- every change, and whoever changes a team holds its row.
CREATE TABLE team_boards (
    edition_id  TEXT   NOT NULL PRIMARY KEY REFERENCES editions (id),
    size_min    BIGINT NOT NULL, -- 0 is the edition's own rule
    size_max    BIGINT NOT NULL,
    relaxed_for TEXT   NOT NULL, -- why the rule differs from the edition's
    frozen_at   BIGINT NOT NULL,
    revision    BIGINT NOT NULL,
    job_id      TEXT   NOT NULL -- the last that was to propose teams
);

CREATE TABLE teams (
    id           TEXT   NOT NULL PRIMARY KEY,
    edition_id   TEXT   NOT NULL REFERENCES editions (id),
    name         TEXT   NOT NULL,
    name_key     TEXT   NOT NULL,
    code         TEXT   NOT NULL,
    looking_for  TEXT   NOT NULL,
    table_no     BIGINT NOT NULL, -- 0 is none
    state        TEXT   NOT NULL CHECK (state IN ('forming', 'complete', 'dissolved')),
    excepted_for TEXT   NOT NULL, -- why its size may break the rule
    created_at   BIGINT NOT NULL
);
CREATE UNIQUE INDEX teams_code ON teams (edition_id, code);
CREATE UNIQUE INDEX teams_name ON teams (edition_id, name_key) WHERE state <> 'dissolved';

CREATE TABLE team_members (
    edition_id TEXT    NOT NULL REFERENCES editions (id),
    account_id TEXT    NOT NULL REFERENCES accounts (id),
    team_id    TEXT    NOT NULL REFERENCES teams (id),
    placed     BOOLEAN NOT NULL, -- by an organiser
    joined_at  BIGINT  NOT NULL,
    PRIMARY KEY (edition_id, account_id)
);
CREATE INDEX team_members_team ON team_members (team_id, joined_at);

-- People whom the organiser leaves without a team, and why.
CREATE TABLE team_apart (
    edition_id TEXT   NOT NULL REFERENCES editions (id),
    account_id TEXT   NOT NULL REFERENCES accounts (id),
    reason     TEXT   NOT NULL,
    decided_at BIGINT NOT NULL,
    PRIMARY KEY (edition_id, account_id)
);

CREATE TABLE team_plans (
    id             TEXT   NOT NULL PRIMARY KEY,
    edition_id     TEXT   NOT NULL REFERENCES editions (id),
    state          TEXT   NOT NULL CHECK (state IN ('proposed', 'published', 'dropped')),
    content        TEXT   NOT NULL, -- JSON: the groups
    board_revision BIGINT NOT NULL, -- what it was made for
    made_at        BIGINT NOT NULL
);
CREATE INDEX team_plans_edition ON team_plans (edition_id, id);
