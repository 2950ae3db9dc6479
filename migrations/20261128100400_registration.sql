-- +goose Up
-- Where people work or study, so that no juror marks a team of their own house.
ALTER TABLE registrations ADD COLUMN organisation TEXT NOT NULL DEFAULT '';
