-- +goose Up
-- A prize's own jury. A prize without a row is the whole jury's, and every team may win it.
CREATE TABLE jury_panels (
    edition_id   TEXT NOT NULL REFERENCES editions (id),
    prize_id     TEXT NOT NULL,
    teams        TEXT NOT NULL CHECK (teams IN ('all', 'challenge', 'chosen')),
    challenge_id TEXT NOT NULL,
    PRIMARY KEY (edition_id, prize_id)
);

CREATE TABLE jury_panel_teams (
    edition_id TEXT NOT NULL REFERENCES editions (id),
    prize_id   TEXT NOT NULL,
    team_id    TEXT NOT NULL,
    PRIMARY KEY (edition_id, prize_id, team_id)
);

CREATE TABLE jury_panel_jurors (
    edition_id TEXT    NOT NULL REFERENCES editions (id),
    prize_id   TEXT    NOT NULL,
    juror_id   TEXT    NOT NULL REFERENCES accounts (id),
    limited    BOOLEAN NOT NULL, -- judges for this prize and for no other
    PRIMARY KEY (edition_id, prize_id, juror_id)
);
