-- +goose Up
-- Whether an edition asks what became of its projects; without a row it does.
CREATE TABLE followup_plans (
    edition_id TEXT    NOT NULL PRIMARY KEY REFERENCES editions (id),
    quiet      BOOLEAN NOT NULL
);

-- Who was asked about which project, after how many months.
CREATE TABLE followup_asks (
    id          TEXT   NOT NULL PRIMARY KEY,
    edition_id  TEXT   NOT NULL REFERENCES editions (id),
    team_id     TEXT   NOT NULL,
    months      BIGINT NOT NULL,
    account_id  TEXT   NOT NULL, -- emptied when the person is forgotten
    asked_at    BIGINT NOT NULL,
    reminded_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX followup_asks_once ON followup_asks (edition_id, team_id, months, account_id) WHERE account_id <> '';

-- The links of the letters: a reminder has one of its own, and the first stays good.
CREATE TABLE followup_links (
    token_hash TEXT NOT NULL PRIMARY KEY,
    ask_id     TEXT NOT NULL REFERENCES followup_asks (id)
);

-- What became of a project, as somebody said it. Nothing is overwritten: a correction is
-- another report, with its reason.
CREATE TABLE followup_reports (
    id           TEXT    NOT NULL PRIMARY KEY,
    edition_id   TEXT    NOT NULL REFERENCES editions (id),
    team_id      TEXT    NOT NULL,
    months       BIGINT  NOT NULL, -- of the letter that was answered; 0 where nobody was asked
    state        TEXT    NOT NULL CHECK (state IN ('idea', 'pilot', 'service', 'stopped')),
    words        TEXT    NOT NULL,
    url          TEXT    NOT NULL,
    picture      TEXT    NOT NULL, -- the key of a file, or ''
    picture_type TEXT    NOT NULL,
    picture_alt  TEXT    NOT NULL,
    by_id        TEXT    NOT NULL,
    organiser    BOOLEAN NOT NULL,
    reason       TEXT    NOT NULL, -- why an organiser wrote it
    at           BIGINT  NOT NULL
);
CREATE INDEX followup_reports_team ON followup_reports (edition_id, team_id, at);

-- People who want no more of these letters, from any edition.
CREATE TABLE followup_stops (
    account_id TEXT   NOT NULL PRIMARY KEY,
    at         BIGINT NOT NULL
);
