-- +goose Up
-- What holds for the whole crew of an edition, and how its plan stands.
CREATE TABLE crew_books (
    edition_id   TEXT   NOT NULL PRIMARY KEY REFERENCES editions (id),
    rest_minutes BIGINT NOT NULL, -- between two turns of work
    most_minutes BIGINT NOT NULL, -- of anybody, in all
    job_id       TEXT   NOT NULL, -- the last that was to make a plan
    planned_at   BIGINT NOT NULL,
    published_at BIGINT NOT NULL
);

CREATE TABLE crew_posts (
    id         TEXT   NOT NULL PRIMARY KEY,
    edition_id TEXT   NOT NULL REFERENCES editions (id),
    name       TEXT   NOT NULL,
    place      TEXT   NOT NULL,
    task       TEXT   NOT NULL,
    contact    TEXT   NOT NULL, -- who leads it, and how to reach them
    skill      TEXT   NOT NULL, -- that everybody at the post needs; '' for none
    position   BIGINT NOT NULL
);
CREATE INDEX crew_posts_edition ON crew_posts (edition_id);

CREATE TABLE crew_shifts (
    id         TEXT   NOT NULL PRIMARY KEY,
    edition_id TEXT   NOT NULL REFERENCES editions (id),
    post_id    TEXT   NOT NULL REFERENCES crew_posts (id),
    start_at   BIGINT NOT NULL,
    end_at     BIGINT NOT NULL,
    wanted     BIGINT NOT NULL
);
CREATE INDEX crew_shifts_edition ON crew_shifts (edition_id, start_at);

-- What somebody of the crew said of themselves.
CREATE TABLE crew_offers (
    edition_id TEXT   NOT NULL REFERENCES editions (id),
    account_id TEXT   NOT NULL REFERENCES accounts (id),
    content    TEXT   NOT NULL, -- JSON
    changed_at BIGINT NOT NULL,
    PRIMARY KEY (edition_id, account_id)
);

-- Who works on a shift: in the organiser's plan, and as the person was told. Somebody who
-- said that they cannot is never planned there again.
CREATE TABLE crew_duties (
    shift_id   TEXT    NOT NULL REFERENCES crew_shifts (id),
    account_id TEXT    NOT NULL REFERENCES accounts (id),
    edition_id TEXT    NOT NULL REFERENCES editions (id),
    planned    BOOLEAN NOT NULL,
    told       BOOLEAN NOT NULL,
    locked     BOOLEAN NOT NULL,
    no_at      BIGINT  NOT NULL, -- when they said that they cannot; 0 for never
    no_why     TEXT    NOT NULL,
    PRIMARY KEY (shift_id, account_id)
);
CREATE INDEX crew_duties_edition ON crew_duties (edition_id);
