-- +goose Up
CREATE TABLE programme_sessions (
    id           TEXT    NOT NULL PRIMARY KEY,
    edition_id   TEXT    NOT NULL REFERENCES editions (id),
    kind         TEXT    NOT NULL CHECK (kind IN ('plenary', 'workshop', 'meal', 'pitch', 'ceremony', 'other')),
    title        TEXT    NOT NULL,
    text         TEXT    NOT NULL, -- Markdown
    room         TEXT    NOT NULL,
    starts_at    BIGINT  NOT NULL,
    ends_at      BIGINT  NOT NULL,
    seats        BIGINT  NOT NULL, -- 0: as many as come
    public       BOOLEAN NOT NULL,
    cancelled    BOOLEAN NOT NULL,
    speaker_name TEXT    NOT NULL,
    source_uid   TEXT    NOT NULL, -- of the calendar file it came from, else empty
    sequence     BIGINT  NOT NULL, -- grows with each change that matters to who comes
    updated_at   BIGINT  NOT NULL, -- the wall's time
    moved_at     BIGINT  NOT NULL  -- the edition's time of the last change of room or hour
);
CREATE INDEX programme_sessions_edition ON programme_sessions (edition_id, starts_at, id);
CREATE UNIQUE INDEX programme_sessions_source ON programme_sessions (edition_id, source_uid) WHERE source_uid <> '';

CREATE TABLE programme_speakers (
    session_id TEXT NOT NULL REFERENCES programme_sessions (id),
    account_id TEXT NOT NULL REFERENCES accounts (id),
    PRIMARY KEY (session_id, account_id)
);

-- Who comes. Those who wait move up in the order of signed_at.
CREATE TABLE programme_places (
    session_id  TEXT   NOT NULL REFERENCES programme_sessions (id),
    account_id  TEXT   NOT NULL REFERENCES accounts (id),
    state       TEXT   NOT NULL CHECK (state IN ('seated', 'waiting')),
    turn        BIGINT NOT NULL, -- the order of signing up
    signed_at   BIGINT NOT NULL,
    attended_at BIGINT NOT NULL,
    PRIMARY KEY (session_id, account_id)
);
CREATE INDEX programme_places_account ON programme_places (account_id);

-- The secret of a person's own feed: it opens a list of sessions and nothing else.
CREATE TABLE programme_feeds (
    edition_id TEXT NOT NULL REFERENCES editions (id),
    account_id TEXT NOT NULL REFERENCES accounts (id),
    secret     TEXT NOT NULL,
    PRIMARY KEY (edition_id, account_id)
);
CREATE UNIQUE INDEX programme_feeds_secret ON programme_feeds (secret);

-- Calendar files between their preview and their import.
CREATE TABLE programme_imports (
    id         TEXT   NOT NULL PRIMARY KEY,
    edition_id TEXT   NOT NULL REFERENCES editions (id),
    name       TEXT   NOT NULL,
    content    TEXT   NOT NULL,
    made_at    BIGINT NOT NULL
);
