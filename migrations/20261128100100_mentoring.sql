-- +goose Up
-- Whom a mentor met, for the jury's conflicts of interest.
CREATE INDEX mentoring_contacts_mentor ON mentoring_contacts (edition_id, mentor_id, team_id, ending);
