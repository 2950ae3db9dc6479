-- +goose Up
-- The ledger added up where movements are of one sort, kept in each movement's own
-- transaction: a counter asks what is left with every cup.
CREATE TABLE cup_sums (
    edition_id TEXT    NOT NULL REFERENCES editions (id),
    model_id   TEXT    NOT NULL REFERENCES cup_models (id),
    kind       TEXT    NOT NULL,
    from_place TEXT    NOT NULL,
    to_place   TEXT    NOT NULL,
    undoing    BOOLEAN NOT NULL,
    quantity   BIGINT  NOT NULL,
    cents      BIGINT  NOT NULL,
    PRIMARY KEY (edition_id, model_id, kind, from_place, to_place, undoing)
);
INSERT INTO cup_sums (edition_id, model_id, kind, from_place, to_place, undoing, quantity, cents)
SELECT edition_id, model_id, kind, from_place, to_place, undoes <> '', CAST(SUM(quantity) AS BIGINT), CAST(SUM(cents) AS BIGINT)
FROM cup_movements
GROUP BY edition_id, model_id, kind, from_place, to_place, undoes <> '';

CREATE INDEX cup_movements_person ON cup_movements (model_id, person);
