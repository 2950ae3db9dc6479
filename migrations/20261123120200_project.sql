-- +goose Up
CREATE TABLE project_challenges (
    id         TEXT   NOT NULL PRIMARY KEY,
    edition_id TEXT   NOT NULL REFERENCES editions (id),
    title      TEXT   NOT NULL,
    body       TEXT   NOT NULL, -- Markdown
    partner    TEXT   NOT NULL,
    position   BIGINT NOT NULL,
    dropped_at BIGINT NOT NULL -- 0 while teams may choose it
);
CREATE INDEX project_challenges_edition ON project_challenges (edition_id, position);

-- What a team works on. The draft is what its members write; what was handed in is in
-- project_versions.
CREATE TABLE projects (
    id             TEXT   NOT NULL PRIMARY KEY,
    edition_id     TEXT   NOT NULL REFERENCES editions (id),
    team_id        TEXT   NOT NULL REFERENCES teams (id),
    draft          TEXT   NOT NULL, -- JSON: the content
    revision       BIGINT NOT NULL, -- of the draft
    edited_by      TEXT   NOT NULL,
    edited_at      BIGINT NOT NULL,
    versions       BIGINT NOT NULL, -- how many were handed in
    reopened_until BIGINT NOT NULL, -- after the deadline, for this team alone
    reopened_for   TEXT   NOT NULL,
    published_at   BIGINT NOT NULL,
    withheld_for   TEXT   NOT NULL  -- why only its team and organisers see it
);
CREATE UNIQUE INDEX projects_team ON projects (team_id);
CREATE INDEX projects_edition ON projects (edition_id);

-- Every saving of a draft: what the page sent, and what the draft became with it.
CREATE TABLE project_drafts (
    project_id TEXT   NOT NULL REFERENCES projects (id),
    revision   BIGINT NOT NULL,
    editor     TEXT   NOT NULL, -- one opening of the editor's page
    sent       TEXT   NOT NULL,
    content    TEXT   NOT NULL,
    saved_by   TEXT   NOT NULL,
    saved_at   BIGINT NOT NULL,
    PRIMARY KEY (project_id, revision)
);
CREATE INDEX project_drafts_editor ON project_drafts (project_id, editor, revision);

-- What a member wrote over what another had written meanwhile: both are kept.
CREATE TABLE project_copies (
    id         TEXT   NOT NULL PRIMARY KEY,
    project_id TEXT   NOT NULL REFERENCES projects (id),
    editor     TEXT   NOT NULL,
    content    TEXT   NOT NULL,
    saved_by   TEXT   NOT NULL,
    saved_at   BIGINT NOT NULL,
    settled_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX project_copies_editor ON project_copies (project_id, editor) WHERE settled_at = 0;

CREATE TABLE project_versions (
    id          TEXT   NOT NULL PRIMARY KEY,
    edition_id  TEXT   NOT NULL REFERENCES editions (id),
    project_id  TEXT   NOT NULL REFERENCES projects (id),
    team_id     TEXT   NOT NULL REFERENCES teams (id),
    number      BIGINT NOT NULL,
    content     TEXT   NOT NULL,
    files       TEXT   NOT NULL, -- JSON: their ids
    basis       TEXT   NOT NULL CHECK (basis IN ('on_time', 'grace', 'reopened', 'admitted', 'moved', 'no_deadline')),
    note        TEXT   NOT NULL, -- why, where a person decided
    handed_by   TEXT   NOT NULL,
    handed_at   BIGINT NOT NULL, -- the edition's time
    received_at BIGINT NOT NULL, -- the wall's
    device_at   BIGINT NOT NULL, -- what the sender's device said; it decides nothing
    deadline_at BIGINT NOT NULL, -- as it stood
    digest      TEXT   NOT NULL
);
CREATE UNIQUE INDEX project_versions_number ON project_versions (project_id, number);
CREATE INDEX project_versions_edition ON project_versions (edition_id);

-- Hand-ins that came too late, with what they held.
CREATE TABLE project_attempts (
    id          TEXT   NOT NULL PRIMARY KEY,
    project_id  TEXT   NOT NULL REFERENCES projects (id),
    content     TEXT   NOT NULL,
    tried_by    TEXT   NOT NULL,
    tried_at    BIGINT NOT NULL,
    received_at BIGINT NOT NULL,
    device_at   BIGINT NOT NULL,
    admitted_at BIGINT NOT NULL
);
CREATE INDEX project_attempts_project ON project_attempts (project_id, id);

CREATE TABLE project_files (
    id           TEXT    NOT NULL PRIMARY KEY,
    edition_id   TEXT    NOT NULL REFERENCES editions (id),
    project_id   TEXT    NOT NULL REFERENCES projects (id),
    name         TEXT    NOT NULL,
    size         BIGINT  NOT NULL,
    content_type TEXT    NOT NULL,
    store_key    TEXT    NOT NULL,
    added_by     TEXT    NOT NULL,
    added_at     BIGINT  NOT NULL,
    removed_at   BIGINT  NOT NULL -- from the draft; versions keep it
);
CREATE INDEX project_files_project ON project_files (project_id, added_at);
CREATE INDEX project_files_edition ON project_files (edition_id);
