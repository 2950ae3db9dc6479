-- +goose Up
-- Where a note or a word was written, and what that device had seen of the sheet: as marks.
ALTER TABLE jury_notes ADD COLUMN received_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE jury_notes ADD COLUMN device TEXT NOT NULL DEFAULT '';
ALTER TABLE jury_notes ADD COLUMN seen_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE jury_words ADD COLUMN received_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE jury_words ADD COLUMN device TEXT NOT NULL DEFAULT '';
ALTER TABLE jury_words ADD COLUMN seen_at BIGINT NOT NULL DEFAULT 0;
