-- +goose Up
CREATE TABLE stage_settings (
    edition_id TEXT   NOT NULL PRIMARY KEY REFERENCES editions (id),
    allotted   BIGINT NOT NULL, -- durations are microseconds
    warn       BIGINT NOT NULL,
    changeover BIGINT NOT NULL
);

CREATE TABLE stage_draws (
    edition_id  TEXT   NOT NULL PRIMARY KEY REFERENCES editions (id),
    commitment  TEXT   NOT NULL,
    secret      TEXT   NOT NULL, -- hexadecimal; shown to nobody before drawn_at
    public      TEXT   NOT NULL, -- '' until drawn
    entrants    TEXT   NOT NULL, -- JSON: the teams with their windows
    drawn_order TEXT   NOT NULL, -- JSON: team ids
    promised_at BIGINT NOT NULL,
    drawn_at    BIGINT NOT NULL
);

CREATE TABLE stage_windows (
    edition_id TEXT   NOT NULL REFERENCES editions (id),
    team_id    TEXT   NOT NULL,
    earliest   BIGINT NOT NULL, -- positions count from 1; 0 is free
    latest     BIGINT NOT NULL,
    reason     TEXT   NOT NULL,
    PRIMARY KEY (edition_id, team_id)
);

CREATE TABLE stage_pitches (
    edition_id TEXT   NOT NULL REFERENCES editions (id),
    team_id    TEXT   NOT NULL,
    position   BIGINT NOT NULL,
    state      TEXT   NOT NULL CHECK (state IN ('waiting', 'running', 'paused', 'done', 'absent')),
    allotted   BIGINT NOT NULL,
    started_at BIGINT NOT NULL,
    paused_at  BIGINT NOT NULL,
    held       BIGINT NOT NULL, -- the pauses that have ended
    ended_at   BIGINT NOT NULL,
    PRIMARY KEY (edition_id, team_id)
);
CREATE UNIQUE INDEX stage_pitches_one_runs ON stage_pitches (edition_id) WHERE state IN ('running', 'paused');

CREATE TABLE stage_events (
    id         TEXT   NOT NULL PRIMARY KEY,
    edition_id TEXT   NOT NULL REFERENCES editions (id),
    team_id    TEXT   NOT NULL,
    what       TEXT   NOT NULL CHECK (what IN ('started', 'paused', 'resumed', 'stopped', 'absent', 'restored', 'moved', 'added')),
    at         BIGINT NOT NULL,
    by_id      TEXT   NOT NULL,
    note       TEXT   NOT NULL
);
CREATE INDEX stage_events_edition ON stage_events (edition_id, id);
