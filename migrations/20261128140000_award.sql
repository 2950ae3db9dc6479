-- +goose Up
-- A prize may be a part of one that was split on the day.
ALTER TABLE prizes ADD COLUMN split_of TEXT NOT NULL DEFAULT '';

-- The rankings that were decided upon, JSON; '' where only the older column has one.
ALTER TABLE deliberations ADD COLUMN basis TEXT NOT NULL DEFAULT '';
-- The next prize was named on the stage, its laureate not yet.
ALTER TABLE deliberations ADD COLUMN announced BOOLEAN NOT NULL DEFAULT FALSE;
-- The newest link of the jury's chain when the deliberation was closed.
ALTER TABLE deliberations ADD COLUMN head TEXT NOT NULL DEFAULT '';

-- A question put to the jury.
CREATE TABLE deliberation_votes (
    id         TEXT    NOT NULL PRIMARY KEY,
    edition_id TEXT    NOT NULL REFERENCES editions (id),
    number     BIGINT  NOT NULL, -- from 1
    question   TEXT    NOT NULL,
    secret     BOOLEAN NOT NULL,
    opened_by  TEXT    NOT NULL,
    opened_at  BIGINT  NOT NULL,
    closed_at  BIGINT  NOT NULL, -- 0 while it is open
    entitled   BIGINT  NOT NULL, -- who could vote when it was closed
    UNIQUE (edition_id, number)
);
-- One question at a time.
CREATE UNIQUE INDEX deliberation_votes_open ON deliberation_votes (edition_id) WHERE closed_at = 0;

-- What can be answered; the place 0 is to abstain. tally counts the ballots.
CREATE TABLE deliberation_options (
    vote_id TEXT   NOT NULL REFERENCES deliberation_votes (id),
    place   BIGINT NOT NULL,
    label   TEXT   NOT NULL,
    team_id TEXT   NOT NULL, -- '' for an answer that is no team
    tally   BIGINT NOT NULL,
    PRIMARY KEY (vote_id, place)
);

-- Who has voted. Of a secret vote it is not kept for what: place is -1, and the ballot
-- lives on in the option's tally alone.
CREATE TABLE deliberation_voters (
    vote_id    TEXT   NOT NULL REFERENCES deliberation_votes (id),
    account_id TEXT   NOT NULL,
    name       TEXT   NOT NULL,
    place      BIGINT NOT NULL,
    noted_by   TEXT   NOT NULL, -- who noted a raised hand; '' for the juror's own
    PRIMARY KEY (vote_id, account_id)
);

-- A turn of the discussion with its time.
CREATE TABLE deliberation_passes (
    edition_id TEXT   NOT NULL REFERENCES editions (id),
    number     BIGINT NOT NULL, -- from 1
    minutes    BIGINT NOT NULL CHECK (minutes BETWEEN 1 AND 240),
    keeper     TEXT   NOT NULL, -- who keeps the time
    started_at BIGINT NOT NULL,
    PRIMARY KEY (edition_id, number)
);
