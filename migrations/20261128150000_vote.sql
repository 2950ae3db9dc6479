-- +goose Up
-- A question that is put to the public. Its secret makes and recognises codes.
CREATE TABLE vote_polls (
    id         TEXT    NOT NULL PRIMARY KEY,
    edition_id TEXT    NOT NULL REFERENCES editions (id),
    question   TEXT    NOT NULL CHECK (question IN ('convince', 'use', 'own')),
    words      TEXT    NOT NULL, -- the question, where it is the organiser's own
    most       BIGINT  NOT NULL, -- how many may be chosen; 0 is as many as one likes
    audience   TEXT    NOT NULL CHECK (audience IN ('room', 'participants', 'tenants')),
    spare_own  BOOLEAN NOT NULL, -- nobody votes for their own team
    asks_why   BOOLEAN NOT NULL,
    areas      TEXT    NOT NULL, -- JSON: residences to choose from
    opens_at   BIGINT  NOT NULL,
    closes_at  BIGINT  NOT NULL, -- 0 until somebody closes it
    state      TEXT    NOT NULL CHECK (state IN ('planned', 'open', 'closed', 'checked')),
    secret     TEXT    NOT NULL,
    checked_at BIGINT  NOT NULL,
    checked_by TEXT    NOT NULL,
    publish_at BIGINT  NOT NULL, -- 0 while nobody has said when
    made_at    BIGINT  NOT NULL
);
CREATE INDEX vote_polls_edition ON vote_polls (edition_id, opens_at);

-- What may be chosen, as it stood when the vote opened.
CREATE TABLE vote_options (
    poll_id   TEXT   NOT NULL REFERENCES vote_polls (id),
    team_id   TEXT   NOT NULL,
    team_name TEXT   NOT NULL,
    title     TEXT   NOT NULL,
    pitch     TEXT   NOT NULL,
    picture   TEXT   NOT NULL, -- the key of a file, or ''
    position  BIGINT NOT NULL,
    PRIMARY KEY (poll_id, team_id)
);

-- Codes that were made together: a stack of cards, a posting, a poster.
CREATE TABLE vote_batches (
    id          TEXT   NOT NULL PRIMARY KEY,
    poll_id     TEXT   NOT NULL REFERENCES vote_polls (id),
    source      TEXT   NOT NULL CHECK (source IN ('letter', 'paper', 'hall')),
    label       TEXT   NOT NULL,
    area        TEXT   NOT NULL,
    size        BIGINT NOT NULL,
    job_id      TEXT   NOT NULL,
    made_by     TEXT   NOT NULL,
    made_at     BIGINT NOT NULL,
    voided_at   BIGINT NOT NULL,
    voided_why  TEXT   NOT NULL
);
CREATE INDEX vote_batches_poll ON vote_batches (poll_id);

-- To whom a letter with a code goes. The address of somebody without an account is
-- forgotten when the letter is ordered.
CREATE TABLE vote_letters (
    id         TEXT    NOT NULL PRIMARY KEY,
    batch_id   TEXT    NOT NULL REFERENCES vote_batches (id),
    account_id TEXT    NOT NULL,
    address    TEXT    NOT NULL,
    sent       BOOLEAN NOT NULL
);
CREATE INDEX vote_letters_batch ON vote_letters (batch_id, sent);

-- One code, one ballot. Nothing here says when a code was used, nor for what.
CREATE TABLE vote_tokens (
    mark      TEXT   NOT NULL PRIMARY KEY, -- a keyed hash of the code
    poll_id   TEXT   NOT NULL REFERENCES vote_polls (id),
    source    TEXT   NOT NULL CHECK (source IN ('badge', 'letter', 'paper', 'screen', 'hall')),
    batch_id  TEXT   NOT NULL,
    card      BIGINT NOT NULL, -- its number, from 1; 0 elsewhere
    holder_id TEXT   NOT NULL, -- emptied when the vote closes
    team_id   TEXT   NOT NULL, -- the holder's own team
    state     TEXT   NOT NULL CHECK (state IN ('fresh', 'spent', 'void'))
);
CREATE INDEX vote_tokens_poll ON vote_tokens (poll_id, source, batch_id, state);

-- The ballot box. A key is drawn, never counted up; a moment is a span of five minutes.
CREATE TABLE vote_ballots (
    id        TEXT   NOT NULL PRIMARY KEY,
    poll_id   TEXT   NOT NULL REFERENCES vote_polls (id),
    source    TEXT   NOT NULL,
    batch_id  TEXT   NOT NULL,
    area      TEXT   NOT NULL,
    span_at   BIGINT NOT NULL, -- 0 once the vote is checked
    net       TEXT   NOT NULL, -- a mark of the network, whose key is forgotten at the close
    choices   TEXT   NOT NULL, -- JSON: teams
    aside_id  TEXT   NOT NULL  -- the decision that sets it aside, or ''
);
CREATE INDEX vote_ballots_poll ON vote_ballots (poll_id, source, batch_id, span_at);

-- Why somebody chose, apart from the ballot; shown when an organiser has read it.
CREATE TABLE vote_reasons (
    id         TEXT NOT NULL PRIMARY KEY,
    poll_id    TEXT NOT NULL REFERENCES vote_polls (id),
    team_id    TEXT NOT NULL,
    body       TEXT NOT NULL,
    state      TEXT NOT NULL CHECK (state IN ('waiting', 'shown', 'hidden')),
    decided_by TEXT NOT NULL
);
CREATE INDEX vote_reasons_poll ON vote_reasons (poll_id, state);

-- What looked odd while it happened, counted: codes used again, codes that are none,
-- cards used one after the other within seconds.
CREATE TABLE vote_signs (
    poll_id  TEXT   NOT NULL REFERENCES vote_polls (id),
    kind     TEXT   NOT NULL CHECK (kind IN ('reuse', 'unknown', 'series')),
    source   TEXT   NOT NULL,
    batch_id TEXT   NOT NULL,
    span_at  BIGINT NOT NULL,
    net      TEXT   NOT NULL,
    n        BIGINT NOT NULL,
    PRIMARY KEY (poll_id, kind, source, batch_id, span_at, net)
);

-- The card of each stack that was used last, and how many before it came one after the
-- other: no more than the newest is remembered.
CREATE TABLE vote_series (
    batch_id TEXT   NOT NULL PRIMARY KEY REFERENCES vote_batches (id),
    card     BIGINT NOT NULL,
    used_at  BIGINT NOT NULL,
    run      BIGINT NOT NULL
);

-- The key of a day's network marks.
CREATE TABLE vote_keys (
    poll_id TEXT NOT NULL REFERENCES vote_polls (id),
    day     TEXT NOT NULL,
    secret  TEXT NOT NULL,
    PRIMARY KEY (poll_id, day)
);

-- What an organiser set aside, and why: published with the result, also when taken back.
CREATE TABLE vote_asides (
    id           TEXT   NOT NULL PRIMARY KEY,
    poll_id      TEXT   NOT NULL REFERENCES vote_polls (id),
    source       TEXT   NOT NULL,
    batch_id     TEXT   NOT NULL, -- '' for all of the source
    span_at      BIGINT NOT NULL, -- 0 for the whole time
    net          TEXT   NOT NULL, -- '' for all networks
    ballots      BIGINT NOT NULL,
    reason       TEXT   NOT NULL,
    by_id        TEXT   NOT NULL,
    at           BIGINT NOT NULL,
    restored_at  BIGINT NOT NULL,
    restored_why TEXT   NOT NULL,
    restored_by  TEXT   NOT NULL
);
CREATE INDEX vote_asides_poll ON vote_asides (poll_id, at);
