package dev.tidemark.daemon;

import java.util.ArrayDeque;
import java.util.Deque;

/// Closes resources, last opened first. Closes the rest even if one fails, then throws the first failure with
/// the later ones suppressed. Not thread-safe.
final class ResourceCloser implements AutoCloseable {
    private final Deque<AutoCloseable> open = new ArrayDeque<>();

    <T extends AutoCloseable> T add(T resource) {
        open.push(resource);
        return resource;
    }

    /// Closes everything after `failure` and adds further failures to it as suppressed.
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
                var failure = new IllegalStateException("Failed to close a resource.", broken);
                closeAfter(failure);
                throw failure;
            }
        }
    }
}
