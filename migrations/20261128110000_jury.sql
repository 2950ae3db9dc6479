-- +goose Up
ALTER TABLE jury_rounds ADD COLUMN format         TEXT   NOT NULL DEFAULT 'stage' CHECK (format IN ('stage', 'expo'));
ALTER TABLE jury_rounds ADD COLUMN way            TEXT   NOT NULL DEFAULT 'criteria' CHECK (way IN ('criteria', 'comparison', 'both'));
ALTER TABLE jury_rounds ADD COLUMN visit_floor    BIGINT NOT NULL DEFAULT 0; -- visits that every team gets; 0 leaves it to the engine
ALTER TABLE jury_rounds ADD COLUMN visit_minutes  BIGINT NOT NULL DEFAULT 0; -- of a visit or of a turn on stage; 0 while nobody said
ALTER TABLE jury_rounds ADD COLUMN window_minutes BIGINT NOT NULL DEFAULT 0;
ALTER TABLE jury_rounds ADD COLUMN finalists      BIGINT NOT NULL DEFAULT 0; -- go on to a final; 0 where the round decides
ALTER TABLE jury_rounds ADD COLUMN final_minutes  BIGINT NOT NULL DEFAULT 0;
ALTER TABLE jury_rounds ADD COLUMN final_of       BIGINT NOT NULL DEFAULT 0; -- the round whose best are judged again; 0 where all are

CREATE TABLE jury_round_teams (
    edition_id TEXT   NOT NULL REFERENCES editions (id),
    round      BIGINT NOT NULL, -- a final: only these are in it
    team_id    TEXT   NOT NULL,
    PRIMARY KEY (edition_id, round, team_id)
);
