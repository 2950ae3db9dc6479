-- +goose Up
ALTER TABLE jury_jurors ADD COLUMN leads BOOLEAN NOT NULL DEFAULT FALSE; -- the head of the jury
