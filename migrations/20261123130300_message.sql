-- +goose Up
CREATE TABLE message_announcements (
    id         TEXT   NOT NULL PRIMARY KEY,
    edition_id TEXT   NOT NULL REFERENCES editions (id),
    text       TEXT   NOT NULL,
    level      TEXT   NOT NULL CHECK (level IN ('info', 'now', 'urgent')),
    audience   TEXT   NOT NULL CHECK (audience IN ('everyone', 'participants', 'mentors', 'jurors', 'crew', 'partners')),
    sent_by    TEXT   NOT NULL REFERENCES accounts (id),
    sent_at    BIGINT NOT NULL, -- all three in the edition's time
    expires_at BIGINT NOT NULL,
    ended_at   BIGINT NOT NULL, -- taken down before it expired
    job_id     TEXT   NOT NULL  -- that sends the letters, else empty
);
CREATE INDEX message_announcements_edition ON message_announcements (edition_id, sent_at, id);

-- Who has pressed "seen".
CREATE TABLE message_seen (
    announcement_id TEXT   NOT NULL REFERENCES message_announcements (id),
    account_id      TEXT   NOT NULL REFERENCES accounts (id),
    seen_at         BIGINT NOT NULL,
    PRIMARY KEY (announcement_id, account_id)
);

-- To whom a letter was ordered: a job that runs twice writes to nobody twice.
CREATE TABLE message_letters (
    announcement_id TEXT NOT NULL REFERENCES message_announcements (id),
    account_id      TEXT NOT NULL REFERENCES accounts (id),
    PRIMARY KEY (announcement_id, account_id)
);
