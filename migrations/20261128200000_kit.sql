-- +goose Up
-- Who changes what a row names has it locked until they are done.
CREATE TABLE turns (
    name TEXT NOT NULL PRIMARY KEY
);
