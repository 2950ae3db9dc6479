-- +goose Up
CREATE TABLE feedback_reviews (
    id         TEXT    NOT NULL PRIMARY KEY,
    edition_id TEXT    NOT NULL REFERENCES editions (id),
    word_id    TEXT    NOT NULL, -- of jury_words
    withheld   BOOLEAN NOT NULL, -- the newest of a word counts
    reason     TEXT    NOT NULL,
    made_by    TEXT    NOT NULL REFERENCES accounts (id),
    made_at    BIGINT  NOT NULL
);
CREATE INDEX feedback_reviews_edition ON feedback_reviews (edition_id, id);

CREATE TABLE feedback_releases (
    edition_id TEXT   NOT NULL PRIMARY KEY REFERENCES editions (id),
    made_by    TEXT   NOT NULL REFERENCES accounts (id),
    made_at    BIGINT NOT NULL
);
