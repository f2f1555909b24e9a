package dev.tidemark.daemon.admin.stream;

import dev.tidemark.daemon.admin.stream.StreamedBody.StreamOutput;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;

/// Limits the streams that are open at the same time. Thread-safe.
public final class StreamLimiter {
    private final Semaphore permits;

    public StreamLimiter(int limit) {
        permits = new Semaphore(limit);
    }

    /// Returns the body with a permit, which its end releases; empty if too many streams are open.
    public Optional<StreamedBody> admit(StreamedBody body) {
        return permits.tryAcquire()
                ? Optional.of(new AdmittedBody(body, permits, new AtomicBoolean()))
                : Optional.empty();
    }

    /// Returns the number of streams that may still be opened.
    int available() {
        return permits.availablePermits();
    }

    private record AdmittedBody(StreamedBody body, Semaphore permits, AtomicBoolean released) implements StreamedBody {
        @Override
        public void writeTo(StreamOutput output) throws IOException, InterruptedException {
            body.writeTo(output);
        }

        @Override
        public void close() {
            body.close();
            if (released.compareAndSet(false, true)) {
                permits.release();
            }
        }
    }
}
