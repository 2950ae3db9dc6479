-- +goose Up
CREATE TABLE prizes (
    id         TEXT    NOT NULL PRIMARY KEY,
    edition_id TEXT    NOT NULL REFERENCES editions (id),
    title      TEXT    NOT NULL,
    body       TEXT    NOT NULL,
    cents      BIGINT  NOT NULL CHECK (cents >= 0), -- 0: no cheque
    unplanned  BOOLEAN NOT NULL,
    reason     TEXT    NOT NULL, -- why it was added in the deliberation
    position   BIGINT  NOT NULL,
    team_id    TEXT    NOT NULL, -- the jury's choice; '' while there is none
    created_at BIGINT  NOT NULL
);
CREATE INDEX prizes_edition ON prizes (edition_id, position, id);

-- The ledger of what became of a prize. Nothing here is ever altered: the last step is
-- the state, and two people cannot take the same step.
CREATE TABLE prize_movements (
    id         TEXT   NOT NULL PRIMARY KEY,
    edition_id TEXT   NOT NULL REFERENCES editions (id),
    prize_id   TEXT   NOT NULL REFERENCES prizes (id),
    step       BIGINT NOT NULL,
    state      TEXT   NOT NULL CHECK (state IN ('planned', 'awarded', 'paid', 'dropped')),
    reason     TEXT   NOT NULL,
    actor_id   TEXT   NOT NULL,
    actor_name TEXT   NOT NULL,
    moved_at   BIGINT NOT NULL,
    UNIQUE (prize_id, step)
);
CREATE INDEX prize_movements_edition ON prize_movements (edition_id, prize_id, step);

CREATE TABLE deliberations (
    edition_id     TEXT   NOT NULL PRIMARY KEY REFERENCES editions (id),
    state          TEXT   NOT NULL CHECK (state IN ('open', 'decided', 'closed')),
    opened_at      BIGINT NOT NULL,
    decided_at     BIGINT NOT NULL,
    closed_at      BIGINT NOT NULL,
    reason         TEXT   NOT NULL, -- why the ranking was set aside
    decider        TEXT   NOT NULL, -- who broke a tie that the ladder left
    decider_reason TEXT   NOT NULL,
    guests         TEXT   NOT NULL, -- who else was in the room
    ranking        TEXT   NOT NULL, -- the standings as decided upon, JSON
    revealed       BIGINT NOT NULL  -- how many prizes the stage has shown
);

CREATE TABLE deliberation_people (
    edition_id TEXT NOT NULL REFERENCES editions (id),
    account_id TEXT NOT NULL,
    name       TEXT NOT NULL,
    presence   TEXT NOT NULL CHECK (presence IN ('present', 'absent', 'recused')),
    note       TEXT NOT NULL,
    PRIMARY KEY (edition_id, account_id)
);

-- What was added to the minutes after they were closed.
CREATE TABLE deliberation_addenda (
    id         TEXT   NOT NULL PRIMARY KEY,
    edition_id TEXT   NOT NULL REFERENCES editions (id),
    body       TEXT   NOT NULL,
    actor_id   TEXT   NOT NULL,
    actor_name TEXT   NOT NULL,
    made_at    BIGINT NOT NULL
);
CREATE INDEX deliberation_addenda_edition ON deliberation_addenda (edition_id, made_at, id);
