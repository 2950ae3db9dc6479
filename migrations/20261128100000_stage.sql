-- +goose Up
-- What comes next on the stage is read by position.
CREATE INDEX stage_pitches_position ON stage_pitches (edition_id, position);
