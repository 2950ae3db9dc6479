-- +goose Up
-- How many are inside is asked with every pass where a building has a most.
CREATE INDEX checkin_presences_inside ON checkin_presences (edition_id) WHERE inside;
