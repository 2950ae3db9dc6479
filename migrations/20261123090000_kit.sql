-- +goose Up
CREATE TABLE jobs (
    id          TEXT   NOT NULL PRIMARY KEY,
    kind        TEXT   NOT NULL,
    edition_id  TEXT   NOT NULL,
    args        TEXT   NOT NULL,
    state       TEXT   NOT NULL CHECK (state IN ('waiting', 'running', 'done', 'failed', 'cancelled')),
    clock       TEXT   NOT NULL, -- whose time run_at is in: '' the wall's, else an edition's
    run_at      BIGINT NOT NULL,
    only_one    TEXT,            -- no two live jobs share it
    attempts    BIGINT NOT NULL,
    stop_asked  BOOLEAN NOT NULL,
    step        BIGINT NOT NULL,
    steps       BIGINT NOT NULL,
    result      TEXT   NOT NULL,
    error       TEXT   NOT NULL,
    asked_by    TEXT   NOT NULL,
    created_at  BIGINT NOT NULL,
    leased_to   BIGINT NOT NULL,
    finished_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX jobs_only_one ON jobs (only_one) WHERE state IN ('waiting', 'running');
CREATE INDEX jobs_due ON jobs (state, clock, run_at);
CREATE INDEX jobs_edition ON jobs (edition_id, created_at);

-- Actions that a phone made and may send twice.
CREATE TABLE once_actions (
    id      TEXT   NOT NULL PRIMARY KEY,
    done_at BIGINT NOT NULL
);

-- Who changed what, when, from which value to which.
CREATE TABLE trail_entries (
    id         TEXT   NOT NULL PRIMARY KEY,
    edition_id TEXT   NOT NULL,
    actor_id   TEXT   NOT NULL,
    action     TEXT   NOT NULL,
    subject    TEXT   NOT NULL,
    before     TEXT   NOT NULL,
    after      TEXT   NOT NULL,
    edition_at BIGINT NOT NULL,
    made_at    BIGINT NOT NULL
);
CREATE INDEX trail_entries_edition ON trail_entries (edition_id, id);
CREATE INDEX trail_entries_subject ON trail_entries (subject, id);
