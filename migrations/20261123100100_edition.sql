-- +goose Up
CREATE TABLE editions (
    id            TEXT    NOT NULL PRIMARY KEY,
    slug          TEXT    NOT NULL,
    kind          TEXT    NOT NULL CHECK (kind IN ('hackathon', 'inauguration', 'staff_day', 'other')),
    state         TEXT    NOT NULL CHECK (state IN ('draft', 'published', 'archived')),
    name          TEXT    NOT NULL,
    tagline       TEXT    NOT NULL,
    theme         TEXT    NOT NULL, -- Markdown
    place         TEXT    NOT NULL,
    practical     TEXT    NOT NULL, -- Markdown
    rules         TEXT    NOT NULL, -- Markdown
    host          TEXT    NOT NULL, -- the organisation that holds it
    contact       TEXT    NOT NULL,
    zone          TEXT    NOT NULL,
    lang          TEXT    NOT NULL,
    accent        TEXT    NOT NULL,
    logo_key      TEXT    NOT NULL,
    words         TEXT    NOT NULL, -- JSON: the words of the house
    seats         BIGINT  NOT NULL,
    team_min      BIGINT  NOT NULL,
    team_max      BIGINT  NOT NULL,
    grace_seconds BIGINT  NOT NULL,
    cloned_from   TEXT    NOT NULL,
    created_at    BIGINT  NOT NULL,
    clock_base    BIGINT  NOT NULL,
    clock_since   BIGINT  NOT NULL,
    clock_speed   DOUBLE PRECISION NOT NULL,
    clock_paused  BOOLEAN NOT NULL
);
CREATE UNIQUE INDEX editions_slug ON editions (slug);

CREATE TABLE edition_moments (
    edition_id TEXT   NOT NULL REFERENCES editions (id),
    moment     TEXT   NOT NULL,
    at         BIGINT NOT NULL,
    PRIMARY KEY (edition_id, moment)
);

CREATE TABLE edition_roles (
    edition_id TEXT   NOT NULL REFERENCES editions (id),
    account_id TEXT   NOT NULL REFERENCES accounts (id),
    role       TEXT   NOT NULL,
    granted_at BIGINT NOT NULL,
    PRIMARY KEY (edition_id, account_id, role)
);
CREATE INDEX edition_roles_account ON edition_roles (account_id);

CREATE TABLE edition_partners (
    id         TEXT   NOT NULL PRIMARY KEY,
    edition_id TEXT   NOT NULL REFERENCES editions (id),
    name       TEXT   NOT NULL,
    url        TEXT   NOT NULL,
    logo_key   TEXT   NOT NULL,
    position   BIGINT NOT NULL
);
CREATE INDEX edition_partners_edition ON edition_partners (edition_id, position);
