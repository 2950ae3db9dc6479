-- +goose Up
-- What the public finds: one row for each project that it may see, and none for any
-- other. It follows the projects in the transaction that publishes or withholds them.
CREATE TABLE gallery_entries (
    project_id   TEXT   NOT NULL PRIMARY KEY REFERENCES projects (id),
    edition_id   TEXT   NOT NULL REFERENCES editions (id),
    team_id      TEXT   NOT NULL,
    challenge_id TEXT   NOT NULL, -- '' for none
    title        TEXT   NOT NULL,
    pitch        TEXT   NOT NULL,
    title_key    TEXT   NOT NULL, -- folded, to order by
    search_key   TEXT   NOT NULL, -- folded: title, pitch, text, team
    pictures     TEXT   NOT NULL, -- the ids of the version's pictures, a blank between two
    starts_at    BIGINT NOT NULL, -- of the edition
    year         BIGINT NOT NULL
);
CREATE INDEX gallery_entries_edition ON gallery_entries (edition_id, title_key);
CREATE INDEX gallery_entries_order ON gallery_entries (starts_at, title_key);

-- A picture that a team added, its clean copies, and what it shows in words.
CREATE TABLE gallery_pictures (
    id         TEXT   NOT NULL PRIMARY KEY, -- of the team's file
    edition_id TEXT   NOT NULL REFERENCES editions (id),
    project_id TEXT   NOT NULL REFERENCES projects (id),
    alt        TEXT   NOT NULL, -- what it shows, '' while nobody has said
    position   BIGINT NOT NULL, -- the first is the project's cover
    state      TEXT   NOT NULL CHECK (state IN ('waiting', 'ready', 'refused', 'hidden')),
    hidden_for TEXT   NOT NULL, -- why nobody sees it any more
    width      BIGINT NOT NULL, -- of the large copy
    height     BIGINT NOT NULL
);
CREATE INDEX gallery_pictures_project ON gallery_pictures (project_id, position);
CREATE INDEX gallery_pictures_edition ON gallery_pictures (edition_id);

-- Who may be named with their project: nobody who has not said so.
CREATE TABLE gallery_consents (
    edition_id TEXT    NOT NULL REFERENCES editions (id),
    account_id TEXT    NOT NULL,
    shown      BOOLEAN NOT NULL,
    said_at    BIGINT  NOT NULL,
    PRIMARY KEY (edition_id, account_id)
);
