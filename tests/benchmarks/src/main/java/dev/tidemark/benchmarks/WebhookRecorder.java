package dev.tidemark.benchmarks;

import dev.tidemark.benchmarks.server.JettyHost;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;

/// Records the requests of a webhook's receiver and the ids of all events in them. Thread-safe.
final class WebhookRecorder {
    private static final byte[] MARK = "\"id\":\"evt_".getBytes(StandardCharsets.US_ASCII);
    private static final int ID = 26;

    private final List<String> ids = new ArrayList<>();
    private long requests;

    /// @param requests number of requests
    /// @param events number of events in them
    /// @param distinct number of events with different ids
    record Count(long requests, long events, long distinct) {}

    /// Returns a reader for the next body.
    JettyHost.BodyReader taker() {
        return new JettyHost.BodyReader() {
            private final ByteArrayOutputStream body = new ByteArrayOutputStream();

            @Override
            public void read(ByteBuffer some) {
                var bytes = new byte[some.remaining()];
                some.get(bytes);
                body.writeBytes(bytes);
            }

            @Override
            public void whole(Runnable answer) {
                note(idsIn(body.toByteArray()));
                answer.run();
            }
        };
    }

    private synchronized void note(List<String> found) {
        requests++;
        ids.addAll(found);
    }

    synchronized void reset() {
        ids.clear();
        requests = 0;
    }

    /// Returns the number of events so far.
    synchronized long received() {
        return ids.size();
    }

    synchronized Count count() {
        return new Count(requests, ids.size(), new HashSet<>(ids).size());
    }

    /// Returns the ids of one CloudEvent in JSON, or of a list.
    static List<String> idsIn(byte[] body) {
        var found = new ArrayList<String>();
        for (var at = 0; at <= body.length - MARK.length - ID; at++) {
            if (body[at] == MARK[0] && matches(body, at)) {
                at += MARK.length;
                found.add(new String(body, at, ID, StandardCharsets.US_ASCII));
                at += ID;
            }
        }
        return found;
    }

    private static boolean matches(byte[] body, int at) {
        for (var i = 1; i < MARK.length; i++) {
            if (body[at + i] != MARK[i]) {
                return false;
            }
        }
        return true;
    }
}
