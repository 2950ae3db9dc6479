-- +goose Up
-- A laureate's part of a prize. While nobody has touched them, the parts are equal and no
-- rows.
CREATE TABLE payout_shares (
    edition_id TEXT   NOT NULL REFERENCES editions (id),
    prize_id   TEXT   NOT NULL,
    account_id TEXT   NOT NULL,
    name       TEXT   NOT NULL,
    cents      BIGINT NOT NULL CHECK (cents >= 0),
    PRIMARY KEY (prize_id, account_id)
);
CREATE INDEX payout_shares_edition ON payout_shares (edition_id, prize_id, name, account_id);

-- The ledger of what became of a part; the last step is its state.
CREATE TABLE payout_movements (
    id         TEXT   NOT NULL PRIMARY KEY,
    edition_id TEXT   NOT NULL REFERENCES editions (id),
    prize_id   TEXT   NOT NULL,
    account_id TEXT   NOT NULL,
    step       BIGINT NOT NULL,
    state      TEXT   NOT NULL CHECK (state IN ('offered', 'accepted', 'declined', 'paid')),
    cents      BIGINT NOT NULL, -- what the part was worth then
    reason     TEXT   NOT NULL,
    actor_id   TEXT   NOT NULL,
    actor_name TEXT   NOT NULL,
    moved_at   BIGINT NOT NULL,
    UNIQUE (prize_id, account_id, step)
);
CREATE INDEX payout_movements_edition ON payout_movements (edition_id, prize_id, account_id, step);

-- Where to pay a laureate: sealed with the installation's key, and deleted when paid or
-- when its time is over. What is left of it is in the trail.
CREATE TABLE payout_accounts (
    edition_id TEXT   NOT NULL REFERENCES editions (id),
    account_id TEXT   NOT NULL,
    sealed     TEXT   NOT NULL,
    given_at   BIGINT NOT NULL, -- by the wall's clock, as the end
    ends_at    BIGINT NOT NULL,
    PRIMARY KEY (edition_id, account_id)
);
