-- +goose Up
-- What a registration asks in one edition; its row is also the lock under which seats
-- are given.
CREATE TABLE registration_books (
    edition_id TEXT   NOT NULL PRIMARY KEY REFERENCES editions (id),
    skills     TEXT   NOT NULL, -- JSON: the skills to choose from; '' the usual ones
    turns      BIGINT NOT NULL  -- goes up each time that somebody takes the lock
);

CREATE TABLE registrations (
    id            TEXT    NOT NULL PRIMARY KEY,
    edition_id    TEXT    NOT NULL REFERENCES editions (id),
    account_id    TEXT    NOT NULL REFERENCES accounts (id),
    state         TEXT    NOT NULL CHECK (state IN ('pending', 'waiting', 'confirmed', 'declined', 'absent', 'refused', 'erased')),
    source        TEXT    NOT NULL CHECK (source IN ('form', 'organiser', 'import', 'door')),
    name          TEXT    NOT NULL,
    name_key      TEXT    NOT NULL, -- folded, for searching
    profile       TEXT    NOT NULL CHECK (profile IN ('', 'student', 'professional', 'other')),
    trade         TEXT    NOT NULL,
    skills        TEXT    NOT NULL, -- JSON: a skill's key and its level
    meals         TEXT    NOT NULL, -- JSON: the choices; emptied a week after the end
    meal_note     TEXT    NOT NULL,
    with_whom     TEXT    NOT NULL,
    theme_wish    TEXT    NOT NULL,
    photo         TEXT    NOT NULL CHECK (photo IN ('', 'yes', 'group', 'no')),
    news          BOOLEAN NOT NULL,
    rules_at      BIGINT  NOT NULL, -- when the rules were accepted; 0 where an organiser vouches
    created_at    BIGINT  NOT NULL,
    queued_at     BIGINT  NOT NULL, -- the place in the waiting order
    confirmed_at  BIGINT  NOT NULL,
    at_door_at    BIGINT  NOT NULL  -- since when a waiting person stands at the door
);
CREATE UNIQUE INDEX registrations_one_each ON registrations (edition_id, account_id);
CREATE INDEX registrations_state ON registrations (edition_id, state, queued_at);
CREATE INDEX registrations_account ON registrations (account_id);

-- The links in our letters. One may carry answers that its reader has still to confirm.
CREATE TABLE registration_links (
    token_hash      TEXT   NOT NULL PRIMARY KEY,
    registration_id TEXT   NOT NULL REFERENCES registrations (id),
    answers         TEXT   NOT NULL, -- JSON, or ''
    created_at      BIGINT NOT NULL,
    used_at         BIGINT NOT NULL
);
CREATE INDEX registration_links_registration ON registration_links (registration_id, created_at);

-- A file between its preview and its import. What it says of people is dropped when it is
-- imported, or a day later.
CREATE TABLE registration_imports (
    id         TEXT   NOT NULL PRIMARY KEY,
    edition_id TEXT   NOT NULL REFERENCES editions (id),
    file       TEXT   NOT NULL,
    state      TEXT   NOT NULL CHECK (state IN ('ready', 'ordered', 'done', 'dropped')),
    sheet      TEXT   NOT NULL, -- JSON: columns, candidates, problems
    report     TEXT   NOT NULL, -- JSON: what was done
    job_id     TEXT   NOT NULL,
    asked_by   TEXT   NOT NULL,
    made_at    BIGINT NOT NULL
);
CREATE INDEX registration_imports_edition ON registration_imports (edition_id, made_at);
