-- +goose Up
-- The time that an edition gives to planned meetings of teams with mentors.
CREATE TABLE meeting_rounds (
    edition_id   TEXT   NOT NULL PRIMARY KEY REFERENCES editions (id),
    from_at      BIGINT NOT NULL,
    to_at        BIGINT NOT NULL,
    minutes      BIGINT NOT NULL, -- a meeting
    per_team     BIGINT NOT NULL,
    per_mentor   BIGINT NOT NULL,
    job_id       TEXT   NOT NULL,
    planned_at   BIGINT NOT NULL,
    published_at BIGINT NOT NULL
);

-- What a team would like to talk about, the most wanted first.
CREATE TABLE meeting_wishes (
    edition_id TEXT   NOT NULL REFERENCES editions (id),
    team_id    TEXT   NOT NULL,
    content    TEXT   NOT NULL, -- JSON: themes
    changed_at BIGINT NOT NULL,
    PRIMARY KEY (edition_id, team_id)
);

CREATE TABLE meeting_dates (
    id         TEXT    NOT NULL PRIMARY KEY,
    edition_id TEXT    NOT NULL REFERENCES editions (id),
    team_id    TEXT    NOT NULL,
    theme_id   TEXT    NOT NULL, -- '' where the team did not say
    mentor_id  TEXT    NOT NULL REFERENCES accounts (id),
    at         BIGINT  NOT NULL,
    planned    BOOLEAN NOT NULL,
    told       BOOLEAN NOT NULL
);
CREATE INDEX meeting_dates_edition ON meeting_dates (edition_id, at);

-- Mentors who left before their meetings were over.
CREATE TABLE meeting_gone (
    edition_id TEXT   NOT NULL REFERENCES editions (id),
    account_id TEXT   NOT NULL REFERENCES accounts (id),
    at         BIGINT NOT NULL,
    PRIMARY KEY (edition_id, account_id)
);
