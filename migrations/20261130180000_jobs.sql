-- +goose Up
-- A job that was ordered for a moment once more while it ran: it runs again when it has ended.
ALTER TABLE jobs ADD COLUMN asked_again BOOLEAN NOT NULL DEFAULT FALSE;
