-- +goose Up

-- The marks of a round that came in after the last one known.
CREATE INDEX jury_marks_newest ON jury_marks (edition_id, round, id);
