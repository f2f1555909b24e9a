-- Each scrape of the metrics counts the dead letters by sink, which must not read their events.
CREATE INDEX dead_letter_by_sink ON dead_letter (sink);
