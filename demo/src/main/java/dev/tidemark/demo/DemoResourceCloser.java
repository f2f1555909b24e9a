package dev.tidemark.demo;

import java.util.ArrayDeque;
import java.util.Deque;

/// Closes resources, last opened first. Closes the rest even if one fails.
final class DemoResourceCloser implements AutoCloseable {
    private final Deque<AutoCloseable> open = new ArrayDeque<>();

    <T extends AutoCloseable> T add(T resource) {
        open.push(resource);
        return resource;
    }

    @Override
    public void close() {
        var failure = new DemoCommandException(1, "Not everything could be closed; the causes are attached.");
        closeAfter(failure);
        if (failure.getSuppressed().length > 0) {
            throw failure;
        }
    }

    /// Closes everything after `cause` and adds further failures to it as suppressed.
    void closeAfter(RuntimeException cause) {
        while (!open.isEmpty()) {
            try {
                open.pop().close();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                cause.addSuppressed(e);
            } catch (Exception e) {
                cause.addSuppressed(e);
            }
        }
    }
}
