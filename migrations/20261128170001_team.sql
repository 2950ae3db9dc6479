-- +goose Up
-- Proposals of teams are the room forming's.
DROP TABLE team_plans;
