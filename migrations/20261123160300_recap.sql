-- +goose Up
CREATE TABLE recaps (
    edition_id   TEXT    NOT NULL PRIMARY KEY REFERENCES editions (id),
    body         TEXT    NOT NULL, -- Markdown
    edited       BOOLEAN NOT NULL, -- an organiser's hand was on it: it is not written over
    figures      TEXT    NOT NULL, -- the facts it was written from, JSON
    written_at   BIGINT  NOT NULL,
    published_at BIGINT  NOT NULL  -- 0 while it is not public
);

CREATE TABLE recap_pictures (
    id           TEXT   NOT NULL PRIMARY KEY,
    edition_id   TEXT   NOT NULL REFERENCES editions (id),
    file_key     TEXT   NOT NULL,
    content_type TEXT   NOT NULL,
    alt          TEXT   NOT NULL,
    credit       TEXT   NOT NULL,
    consent      TEXT   NOT NULL, -- how those who are seen agreed
    created_at   BIGINT NOT NULL
);
CREATE INDEX recap_pictures_edition ON recap_pictures (edition_id, id);
