-- What stands in a worker's own stream (tag 3 of a stream's bytes) is few among many: read whenever the due list is.
CREATE INDEX entry_private ON entry (stream) WHERE substr(stream, 1, 1) = x'03';
