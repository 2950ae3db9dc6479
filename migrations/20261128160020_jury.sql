-- +goose Up
ALTER TABLE jury_marks ADD COLUMN paper TEXT NOT NULL DEFAULT ''; -- the code of the sheet it was copied from
