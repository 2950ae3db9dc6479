-- +goose Up
DROP TABLE jury_links;
DROP TABLE jury_misses;
