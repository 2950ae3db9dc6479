-- +goose Up
CREATE TABLE cup_models (
    id            TEXT   NOT NULL PRIMARY KEY,
    edition_id    TEXT   NOT NULL REFERENCES editions (id),
    name          TEXT   NOT NULL,
    volume_cl     BIGINT NOT NULL,
    deposit_cents BIGINT NOT NULL, -- 0: the cup is a gift
    created_at    BIGINT NOT NULL
);
CREATE INDEX cup_models_edition ON cup_models (edition_id, created_at);

-- The ledger: how many cups went from where to where, and which deposit changed hands.
-- Nothing here is ever altered; a correction is another movement.
CREATE TABLE cup_movements (
    id         TEXT   NOT NULL PRIMARY KEY,
    edition_id TEXT   NOT NULL REFERENCES editions (id),
    model_id   TEXT   NOT NULL REFERENCES cup_models (id),
    kind       TEXT   NOT NULL,
    quantity   BIGINT NOT NULL CHECK (quantity > 0),
    from_place TEXT   NOT NULL,
    to_place   TEXT   NOT NULL,
    cents      BIGINT NOT NULL, -- into the till when above 0, out of it when below
    person     TEXT   NOT NULL, -- who took a gift; '' where the bearer counts
    note       TEXT   NOT NULL,
    undoes     TEXT   NOT NULL,
    actor_id   TEXT   NOT NULL,
    moved_at   BIGINT NOT NULL
);
CREATE INDEX cup_movements_edition ON cup_movements (edition_id, moved_at, id);
CREATE UNIQUE INDEX cup_movements_undoes ON cup_movements (undoes) WHERE undoes <> '';
