-- +goose Up
-- What a team may ask about: the edition's own list.
CREATE TABLE mentoring_themes (
    id         TEXT   NOT NULL PRIMARY KEY,
    edition_id TEXT   NOT NULL REFERENCES editions (id),
    name       TEXT   NOT NULL,
    name_key   TEXT   NOT NULL, -- folded, so that a list has a theme once
    position   BIGINT NOT NULL
);
CREATE UNIQUE INDEX mentoring_themes_name ON mentoring_themes (edition_id, name_key);

-- Who answers, about what, and when they said they would be there.
CREATE TABLE mentoring_mentors (
    edition_id TEXT    NOT NULL REFERENCES editions (id),
    account_id TEXT    NOT NULL REFERENCES accounts (id),
    on_duty    BOOLEAN NOT NULL,
    changed_at BIGINT  NOT NULL,
    PRIMARY KEY (edition_id, account_id)
);
CREATE TABLE mentoring_skills (
    edition_id TEXT NOT NULL,
    account_id TEXT NOT NULL,
    theme_id   TEXT NOT NULL REFERENCES mentoring_themes (id),
    PRIMARY KEY (edition_id, account_id, theme_id),
    FOREIGN KEY (edition_id, account_id) REFERENCES mentoring_mentors (edition_id, account_id)
);
CREATE TABLE mentoring_slots (
    edition_id TEXT   NOT NULL,
    account_id TEXT   NOT NULL,
    from_at    BIGINT NOT NULL,
    to_at      BIGINT NOT NULL,
    PRIMARY KEY (edition_id, account_id, from_at),
    FOREIGN KEY (edition_id, account_id) REFERENCES mentoring_mentors (edition_id, account_id)
);

CREATE TABLE mentoring_requests (
    id          TEXT   NOT NULL PRIMARY KEY,
    edition_id  TEXT   NOT NULL REFERENCES editions (id),
    team_id     TEXT   NOT NULL,
    place       TEXT   NOT NULL,
    theme_id    TEXT   REFERENCES mentoring_themes (id), -- none: the team does not know
    text        TEXT   NOT NULL,
    note        TEXT   NOT NULL, -- of the mentor who handed it over, for the next one
    state       TEXT   NOT NULL CHECK (state IN ('open', 'claimed', 'resolved', 'withdrawn')),
    asked_by    TEXT   NOT NULL REFERENCES accounts (id),
    mentor_id   TEXT   REFERENCES accounts (id),
    asked_at    BIGINT NOT NULL, -- the first time, whatever happens later
    open_since  BIGINT NOT NULL, -- when it last began to wait
    waited      BIGINT NOT NULL, -- microseconds without a mentor, before it last found one
    claimed_at  BIGINT NOT NULL,
    closed_at   BIGINT NOT NULL,
    reminded_at BIGINT NOT NULL,
    outcome     TEXT   NOT NULL
);
-- A team waits in the queue once.
CREATE UNIQUE INDEX mentoring_requests_one_live ON mentoring_requests (edition_id, team_id) WHERE state IN ('open', 'claimed');
CREATE INDEX mentoring_requests_queue ON mentoring_requests (edition_id, state, asked_at, id);

-- The contact log: which mentor was with which team, from when to when.
CREATE TABLE mentoring_contacts (
    id         TEXT   NOT NULL PRIMARY KEY,
    edition_id TEXT   NOT NULL REFERENCES editions (id),
    request_id TEXT   REFERENCES mentoring_requests (id), -- none: they met in passing
    mentor_id  TEXT   NOT NULL REFERENCES accounts (id),
    team_id    TEXT   NOT NULL,
    from_at    BIGINT NOT NULL,
    to_at      BIGINT NOT NULL,
    minutes    BIGINT NOT NULL,
    ending     TEXT   NOT NULL CHECK (ending IN ('helping', 'resolved', 'handed_over', 'released', 'withdrawn', 'met')),
    line       TEXT   NOT NULL
);
-- A request has one mentor at a time.
CREATE UNIQUE INDEX mentoring_contacts_one_helping ON mentoring_contacts (request_id) WHERE ending = 'helping';
CREATE INDEX mentoring_contacts_edition ON mentoring_contacts (edition_id, from_at, id);
