package dev.tidemark.listener;

import dev.tidemark.listener.CallbackProbe.ProbeCallback;
import dev.tidemark.store.model.AttemptId;
import dev.tidemark.store.model.VerifiedCallback;
import java.security.SecureRandom;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// Open probes by their attempts. [CallbackAcknowledger] reports the callbacks that belong to no live attempt.
/// Thread-safe.
final class CallbackProbeRegistry {
    private final SecureRandom random = new SecureRandom();
    private final Map<AttemptId, CallbackProbe> probes = new ConcurrentHashMap<>();

    /// Opens a probe with a random mailbox id of 80 bits, which no mailbox has.
    CallbackProbe open() {
        var bytes = new byte[MailboxIdCodec.BYTES];
        random.nextBytes(bytes);
        var attempt = new AttemptId(MailboxIdCodec.decode(bytes), 1);
        var probe = new CallbackProbe(attempt, () -> probes.remove(attempt));
        probes.put(attempt, probe);
        return probe;
    }

    void report(VerifiedCallback callback) {
        Optional.ofNullable(probes.get(callback.attempt()))
                .ifPresent(probe -> probe.complete(new ProbeCallback(callback.from(), callback.receivedAt())));
    }
}
