CREATE TABLE account (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    user_id BLOB,
    device_id BLOB,
    incarnation BLOB,
    handle TEXT NOT NULL DEFAULT '',
    display_name TEXT NOT NULL DEFAULT '',
    account_log BLOB,
    registered INTEGER NOT NULL DEFAULT 0,
    read_receipts INTEGER NOT NULL DEFAULT 1,
    server_url TEXT NOT NULL DEFAULT '',
    server_id BLOB NOT NULL DEFAULT x'',
    server_pin BLOB NOT NULL DEFAULT x'',
    resume_token BLOB NOT NULL DEFAULT x'',
    activity_token INTEGER NOT NULL DEFAULT 0,
    online_ms INTEGER NOT NULL DEFAULT 0,
    stamp_incarnation BLOB NOT NULL DEFAULT x'',
    stamp_counter INTEGER NOT NULL DEFAULT 0,
    own_device BLOB,                                 -- secret: core/e2ee's OwnDevice
    identity_secret BLOB,                            -- secret: the account's identity key
    highest_signed_prekey INTEGER NOT NULL DEFAULT 0, -- ever stored; these never fall
    highest_one_time_prekey INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE contact (
    user_id BLOB PRIMARY KEY,
    handle TEXT NOT NULL DEFAULT '',
    display_name TEXT NOT NULL DEFAULT '',
    nickname TEXT NOT NULL DEFAULT '',
    blocked INTEGER NOT NULL DEFAULT 0,
    offered_key BLOB NOT NULL DEFAULT x''            -- the server shows another key than the pinned one
) STRICT, WITHOUT ROWID;

CREATE TABLE conversation (
    id INTEGER PRIMARY KEY,
    log_id BLOB NOT NULL UNIQUE,
    type INTEGER NOT NULL,
    peer BLOB,                                       -- of a direct conversation
    request INTEGER NOT NULL,
    generation INTEGER NOT NULL DEFAULT 0,
    cursor INTEGER NOT NULL DEFAULT 0,
    chain BLOB NOT NULL DEFAULT x'',
    head_generation INTEGER NOT NULL DEFAULT 0,
    head INTEGER NOT NULL DEFAULT 0,
    floor INTEGER NOT NULL DEFAULT 0,
    from_seq INTEGER NOT NULL DEFAULT 0,
    marks_revision INTEGER NOT NULL DEFAULT 0,
    last_send_no INTEGER NOT NULL DEFAULT 0,
    read_position INTEGER NOT NULL DEFAULT 0,
    marked_unread INTEGER NOT NULL DEFAULT 0,
    unread INTEGER NOT NULL DEFAULT 0,               -- counted rows of others after read_position
    activity_ms INTEGER NOT NULL DEFAULT 0,
    last_message INTEGER,                            -- newest visible row
    ack_revision INTEGER NOT NULL DEFAULT 0,         -- rises with whatever the server has to be told
    acked_revision INTEGER NOT NULL DEFAULT 0,
    behind INTEGER NOT NULL GENERATED ALWAYS AS (head_generation > generation OR head > cursor) VIRTUAL,
    listed INTEGER NOT NULL GENERATED ALWAYS AS (type = 1 AND request IN (1, 3)) VIRTUAL
) STRICT;

CREATE TABLE identity (
    user_id BLOB PRIMARY KEY,
    identity_key BLOB NOT NULL,
    verification INTEGER NOT NULL,
    manifest_version INTEGER NOT NULL,
    manifest BLOB NOT NULL
) STRICT;

CREATE TABLE mark (
    conversation INTEGER NOT NULL REFERENCES conversation (id),
    user_id BLOB NOT NULL,
    delivered INTEGER NOT NULL,
    read INTEGER NOT NULL,
    PRIMARY KEY (conversation, user_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE message (
    id INTEGER PRIMARY KEY,
    conversation INTEGER NOT NULL REFERENCES conversation (id),
    generation INTEGER NOT NULL,                     -- 9223372036854775807: not numbered yet
    seq INTEGER NOT NULL,                            -- then the row's own id: order of composing
    sender INTEGER REFERENCES sender (id),           -- NULL: the server
    own INTEGER NOT NULL,                            -- written by this account
    composed INTEGER NOT NULL DEFAULT 0,             -- written on this device
    client_msg_id BLOB,
    commitment BLOB,
    server_time_ms INTEGER,
    sender_clock_ms INTEGER,
    kind INTEGER NOT NULL,
    text TEXT,
    reply_author BLOB,
    reply_client_msg_id BLOB,
    reply_commitment BLOB,
    raw BLOB,
    chain BLOB,
    chain_check INTEGER NOT NULL DEFAULT 0,
    confirmation INTEGER NOT NULL DEFAULT 1
, below INTEGER NOT NULL DEFAULT 0) STRICT;

CREATE TABLE one_time_prekey (
    id INTEGER PRIMARY KEY,
    created_ms INTEGER NOT NULL,
    public_key BLOB NOT NULL,
    secret_key BLOB NOT NULL
) STRICT;

CREATE TABLE outbox (
    message INTEGER PRIMARY KEY REFERENCES message (id),
    conversation INTEGER NOT NULL REFERENCES conversation (id),
    state INTEGER NOT NULL,
    send_no INTEGER NOT NULL DEFAULT 0,              -- 0: not sealed
    sealed BLOB NOT NULL DEFAULT x'',
    content_secret BLOB NOT NULL DEFAULT x'',        -- secret: for envelopes to devices that a conflict names
    attempts INTEGER NOT NULL DEFAULT 0,
    failure TEXT NOT NULL DEFAULT ''
, failure_code TEXT NOT NULL DEFAULT '') STRICT;

CREATE TABLE seen_base_key (
    signed_prekey INTEGER NOT NULL,
    base_key BLOB NOT NULL,
    PRIMARY KEY (signed_prekey, base_key)
) STRICT, WITHOUT ROWID;

CREATE TABLE sender (
    id INTEGER PRIMARY KEY,
    user_id BLOB NOT NULL,
    device_id BLOB NOT NULL,
    UNIQUE (user_id, device_id)
) STRICT;

CREATE TABLE session (
    user_id BLOB NOT NULL,
    device_id BLOB NOT NULL,
    state BLOB NOT NULL,                             -- secret: core/e2ee's SessionSet
    PRIMARY KEY (user_id, device_id)
) STRICT;

CREATE TABLE signed_prekey (
    id INTEGER PRIMARY KEY,
    created_ms INTEGER NOT NULL,
    public_key BLOB NOT NULL,
    secret_key BLOB NOT NULL
) STRICT;

CREATE TABLE waiting (
    message INTEGER PRIMARY KEY REFERENCES message (id),
    conversation INTEGER NOT NULL REFERENCES conversation (id),
    sender INTEGER REFERENCES sender (id),
    need INTEGER NOT NULL,
    deadline_ms INTEGER NOT NULL,
    asked INTEGER NOT NULL DEFAULT 0,
    body BLOB NOT NULL,
    envelope BLOB NOT NULL
) STRICT;

CREATE UNIQUE INDEX contact_handle ON contact (handle) WHERE handle <> '';

CREATE INDEX conversation_activity ON conversation (listed, activity_ms, id);

CREATE INDEX conversation_behind ON conversation (activity_ms, id) WHERE behind = 1;

CREATE UNIQUE INDEX conversation_peer ON conversation (peer) WHERE peer IS NOT NULL;

CREATE INDEX conversation_requested ON conversation (activity_ms, id) WHERE request = 2;

CREATE INDEX conversation_unacked ON conversation (id) WHERE ack_revision > acked_revision;

CREATE UNIQUE INDEX message_identity ON message (client_msg_id, sender, conversation) WHERE client_msg_id IS NOT NULL;

CREATE UNIQUE INDEX message_place ON message (conversation, generation, seq, below);

CREATE UNIQUE INDEX outbox_number ON outbox (conversation, send_no) WHERE send_no > 0;

CREATE INDEX outbox_state ON outbox (state, message);

CREATE INDEX waiting_conversation ON waiting (conversation);

CREATE INDEX waiting_deadline ON waiting (deadline_ms);

CREATE INDEX waiting_sender ON waiting (sender);

PRAGMA user_version = 2;
