-- +goose Up
-- A meeting whose mentor left after it was told, of which those concerned have not heard yet.
ALTER TABLE meeting_dates ADD COLUMN lost BOOLEAN NOT NULL DEFAULT FALSE;
