-- +goose Up
CREATE TABLE jury_rounds (
    edition_id      TEXT   NOT NULL REFERENCES editions (id),
    number          BIGINT NOT NULL,
    state           TEXT   NOT NULL CHECK (state IN ('open', 'closed')),
    reason          TEXT   NOT NULL, -- of a round after the first
    opened_at       BIGINT NOT NULL,
    closed_at       BIGINT NOT NULL,
    deliberation_at BIGINT NOT NULL, -- from when the jury sees the ranking; 0 while it is sealed
    PRIMARY KEY (edition_id, number)
);

CREATE TABLE jury_criteria (
    id          TEXT   NOT NULL PRIMARY KEY,
    edition_id  TEXT   NOT NULL REFERENCES editions (id),
    round       BIGINT NOT NULL,
    position    BIGINT NOT NULL,
    name        TEXT   NOT NULL,
    description TEXT   NOT NULL,
    low         TEXT   NOT NULL, -- what the least, the middle and the most mean
    middle      TEXT   NOT NULL,
    high        TEXT   NOT NULL,
    scale_min   BIGINT NOT NULL,
    scale_max   BIGINT NOT NULL,
    weight      BIGINT NOT NULL
);
CREATE INDEX jury_criteria_round ON jury_criteria (edition_id, round, position);

CREATE TABLE jury_marks (
    id           TEXT   NOT NULL PRIMARY KEY,
    edition_id   TEXT   NOT NULL REFERENCES editions (id),
    round        BIGINT NOT NULL,
    juror_id     TEXT   NOT NULL REFERENCES accounts (id),
    team_id      TEXT   NOT NULL,
    criterion_id TEXT   NOT NULL REFERENCES jury_criteria (id),
    kind         TEXT   NOT NULL CHECK (kind IN ('scored', 'not_observed', 'withdrawn')),
    value        BIGINT NOT NULL,
    given_at     BIGINT NOT NULL, -- the edition's time on the juror's phone
    received_at  BIGINT NOT NULL, -- the edition's time here
    entered_by   TEXT   NOT NULL REFERENCES accounts (id),
    reason       TEXT   NOT NULL
);
CREATE INDEX jury_marks_sheet ON jury_marks (edition_id, round, juror_id, team_id, given_at);

CREATE TABLE jury_notes (
    id         TEXT   NOT NULL PRIMARY KEY,
    edition_id TEXT   NOT NULL REFERENCES editions (id),
    juror_id   TEXT   NOT NULL REFERENCES accounts (id),
    team_id    TEXT   NOT NULL,
    text       TEXT   NOT NULL,
    given_at   BIGINT NOT NULL
);
CREATE INDEX jury_notes_sheet ON jury_notes (edition_id, juror_id, team_id, given_at);

CREATE TABLE jury_jurors (
    edition_id TEXT   NOT NULL REFERENCES editions (id),
    juror_id   TEXT   NOT NULL REFERENCES accounts (id),
    presence   TEXT   NOT NULL CHECK (presence IN ('present', 'absent', 'excluded')),
    reason     TEXT   NOT NULL,
    briefed_at BIGINT NOT NULL,
    PRIMARY KEY (edition_id, juror_id)
);

CREATE TABLE jury_conflicts (
    edition_id TEXT   NOT NULL REFERENCES editions (id),
    juror_id   TEXT   NOT NULL REFERENCES accounts (id),
    team_id    TEXT   NOT NULL,
    source     TEXT   NOT NULL CHECK (source IN ('declared', 'organiser', 'member', 'mentored', 'employer', 'domain')),
    reason     TEXT   NOT NULL,
    made_by    TEXT   NOT NULL,
    made_at    BIGINT NOT NULL,
    lifted_at  BIGINT NOT NULL,
    lifted_why TEXT   NOT NULL,
    PRIMARY KEY (edition_id, juror_id, team_id)
);

CREATE TABLE jury_links (
    id         TEXT   NOT NULL PRIMARY KEY,
    edition_id TEXT   NOT NULL REFERENCES editions (id),
    juror_id   TEXT   NOT NULL REFERENCES accounts (id),
    token_hash TEXT   NOT NULL,
    code_hash  TEXT   NOT NULL,
    made_at    BIGINT NOT NULL,
    used_at    BIGINT NOT NULL,
    revoked_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX jury_links_token ON jury_links (token_hash);
CREATE UNIQUE INDEX jury_links_code ON jury_links (code_hash);
CREATE INDEX jury_links_juror ON jury_links (edition_id, juror_id);

CREATE TABLE jury_misses (
    id TEXT   NOT NULL PRIMARY KEY,
    at BIGINT NOT NULL -- the wall's: a code was typed that is nobody's
);
CREATE INDEX jury_misses_at ON jury_misses (at);

CREATE TABLE jury_decisions (
    id         TEXT   NOT NULL PRIMARY KEY,
    edition_id TEXT   NOT NULL REFERENCES editions (id),
    round      BIGINT NOT NULL,
    team_id    TEXT   NOT NULL, -- goes before those it is tied with
    decider    TEXT   NOT NULL,
    reason     TEXT   NOT NULL,
    made_by    TEXT   NOT NULL,
    made_at    BIGINT NOT NULL
);
CREATE INDEX jury_decisions_round ON jury_decisions (edition_id, round, id);
