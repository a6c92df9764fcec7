-- Who saw this household: the access log is asked by what a look was about.
CREATE INDEX chained_log_target ON chained_log (log, target, seq);
