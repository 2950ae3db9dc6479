-- +goose Up
-- Counts what organisers changed of how the jury judges, so that a mark on its way in
-- notices.
ALTER TABLE jury_rounds ADD COLUMN version BIGINT NOT NULL DEFAULT 0;
