package dev.tidemark.daemon;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// A webhook as configured. `secrets` are `whsec_` texts, newest first; `retry` are the pauses after an
/// event's own failures; `events` are type patterns, empty for everything but heartbeats.
public record SinkSettings(
        String name,
        URI url,
        List<String> secrets,
        Map<String, String> headers,
        boolean ordered,
        int concurrency,
        Duration timeout,
        List<Duration> retry,
        Duration patience,
        Duration disableAfter,
        List<String> events) {
    @Override
    public String toString() {
        return "SinkSettings[name=" + name + ", url=" + url + "]";
    }
}
