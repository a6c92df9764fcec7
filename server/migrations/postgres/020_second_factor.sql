-- 动态口令, 重新验证, 历史密码, 首次设置 – the second factor, when somebody last proved who he is, passwords not to be
-- used again, failed sign-ins, and the token of the first set-up.
ALTER TABLE account ADD COLUMN signed_in_ms BIGINT;             -- the last sign-in
ALTER TABLE account ADD COLUMN password_ms BIGINT NOT NULL DEFAULT 0; -- since when the password holds
ALTER TABLE account ADD COLUMN version BIGINT NOT NULL DEFAULT 0; -- counts up with every act of an administrator
UPDATE account SET password_ms = made_ms;
-- Failed tries are counted by the name typed, below.
ALTER TABLE account DROP COLUMN failures;

ALTER TABLE session ADD COLUMN stage BIGINT NOT NULL DEFAULT 1; -- 0: the password was right, the code is awaited; 1: whole
ALTER TABLE session ADD COLUMN proved_ms BIGINT NOT NULL DEFAULT 0; -- when the password was last given

CREATE TABLE totp (
    account      BYTEA NOT NULL PRIMARY KEY,
    secret       BYTEA,                         -- sealed; NULL until a first code was right
    next         BYTEA,                         -- sealed; shown, and not yet confirmed by a code
    next_ms      BIGINT NOT NULL DEFAULT 0,   -- when it was made
    last_step    BIGINT NOT NULL DEFAULT 0    -- no code of this step or before is taken again
);

CREATE TABLE recovery_code (
    account      BYTEA NOT NULL,
    hash         BYTEA NOT NULL,
    used_ms      BIGINT,
    PRIMARY KEY (account, hash)
);

CREATE TABLE former_password (
    account      BYTEA NOT NULL,
    until_ms     BIGINT NOT NULL,
    password     TEXT COLLATE "C" NOT NULL,                -- argon2id, PHC text
    PRIMARY KEY (account, until_ms)
);

CREATE TABLE sign_in_failure (
    at_ms        BIGINT NOT NULL,
    source       TEXT COLLATE "C" NOT NULL,                -- hash of where it came from
    who          BYTEA NOT NULL                 -- hash of the name typed, whether there is such an account or not
);
CREATE INDEX sign_in_failure_source ON sign_in_failure (source, at_ms);
CREATE INDEX sign_in_failure_who ON sign_in_failure (who, at_ms);
CREATE INDEX sign_in_failure_at ON sign_in_failure (at_ms);

CREATE TABLE setup_token (
    hash         BYTEA NOT NULL PRIMARY KEY,
    made_ms      BIGINT NOT NULL
);
