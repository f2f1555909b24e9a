package dev.tidemark.daemon;

import java.util.ArrayDeque;
import java.util.Deque;

/// What has to be closed, last opened first. One that fails does not keep the others open: its failure is
/// thrown at the end, later ones hang on it.
final class ResourceCloser implements AutoCloseable {
    private final Deque<AutoCloseable> open = new ArrayDeque<>();

    <T extends AutoCloseable> T add(T resource) {
        open.push(resource);
        return resource;
    }

    /// Closes everything because of `failure`, which keeps what goes wrong meanwhile.
    void closeAfter(Throwable failure) {
        while (!open.isEmpty()) {
            try {
                open.pop().close();
            } catch (Exception another) {
                failure.addSuppressed(another);
            }
        }
    }

    @Override
    public void close() {
        while (!open.isEmpty()) {
            try {
                open.pop().close();
            } catch (Exception broken) {
                var failure = new IllegalStateException("Something did not close in order.", broken);
                closeAfter(failure);
                throw failure;
            }
        }
    }
}
