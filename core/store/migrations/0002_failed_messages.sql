-- A failed message stands where it was composed, not at the end for ever, and keeps why it was refused.

ALTER TABLE message ADD COLUMN below INTEGER NOT NULL DEFAULT 0; -- > 0: failed; stands below the entry at (generation, seq)
ALTER TABLE outbox ADD COLUMN failure_code TEXT NOT NULL DEFAULT '';

DROP INDEX message_place;
CREATE UNIQUE INDEX message_place ON message (conversation, generation, seq, below);

-- Rows are numbered as they come: what has a smaller id was there when the message was composed.
UPDATE message SET
    generation = coalesce((SELECT e.generation FROM message e WHERE e.conversation = message.conversation AND
        e.generation < 9223372036854775807 AND e.below = 0 AND e.id < message.id
        ORDER BY e.generation DESC, e.seq DESC LIMIT 1), 0),
    seq = coalesce((SELECT e.seq FROM message e WHERE e.conversation = message.conversation AND
        e.generation < 9223372036854775807 AND e.below = 0 AND e.id < message.id
        ORDER BY e.generation DESC, e.seq DESC LIMIT 1), 0),
    below = id
WHERE id IN (SELECT message FROM outbox WHERE state = 5);
