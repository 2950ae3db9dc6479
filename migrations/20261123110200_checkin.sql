-- +goose Up
CREATE TABLE checkin_doors (
    edition_id   TEXT   NOT NULL PRIMARY KEY REFERENCES editions (id),
    building_max BIGINT NOT NULL -- how many the building may hold; 0 sets no alarm
);

CREATE TABLE checkin_badges (
    edition_id TEXT   NOT NULL REFERENCES editions (id),
    account_id TEXT   NOT NULL REFERENCES accounts (id),
    code       TEXT   NOT NULL,
    made_at    BIGINT NOT NULL,
    PRIMARY KEY (edition_id, account_id)
);
CREATE UNIQUE INDEX checkin_badges_code ON checkin_badges (edition_id, code);

-- Who went in or out, when, as the doors said it. Nothing is ever changed but what the
-- replay of a person's passes finds out.
CREATE TABLE checkin_passes (
    id          TEXT    NOT NULL PRIMARY KEY,
    edition_id  TEXT    NOT NULL REFERENCES editions (id),
    account_id  TEXT    NOT NULL REFERENCES accounts (id),
    way         TEXT    NOT NULL CHECK (way IN ('in', 'out', 'undo')),
    how         TEXT    NOT NULL CHECK (how IN ('badge', 'name', 'walk_in')),
    outcome     TEXT    NOT NULL CHECK (outcome IN ('welcome', 'again', 'back', 'left', 'undone')),
    station     TEXT    NOT NULL,
    by_id       TEXT    NOT NULL,
    action_id   TEXT    NOT NULL,
    undoes      TEXT    NOT NULL, -- the pass that this one takes back
    at          BIGINT  NOT NULL, -- when it happened, by the door's device
    received_at BIGINT  NOT NULL,
    doubled     BOOLEAN NOT NULL, -- two doors let the person in without knowing of each other
    settled     BOOLEAN NOT NULL  -- somebody has looked at it
);
CREATE INDEX checkin_passes_person ON checkin_passes (edition_id, account_id, at);
CREATE INDEX checkin_passes_recent ON checkin_passes (edition_id, received_at);
CREATE UNIQUE INDEX checkin_passes_action ON checkin_passes (action_id) WHERE action_id <> '';

-- Where each person is, as their passes say.
CREATE TABLE checkin_presences (
    edition_id TEXT    NOT NULL REFERENCES editions (id),
    account_id TEXT    NOT NULL REFERENCES accounts (id),
    first_at   BIGINT  NOT NULL, -- 0 where every pass was taken back
    since_at   BIGINT  NOT NULL,
    inside     BOOLEAN NOT NULL,
    PRIMARY KEY (edition_id, account_id)
);
