package dev.tidemark.forwarder.targets;

import dev.tidemark.forwarder.targets.DeliveryResult.Accepted;
import dev.tidemark.forwarder.targets.DeliveryResult.NoAnswer;
import dev.tidemark.forwarder.targets.DeliveryResult.TimedOut;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Writes whole lines to a stream that may be closed, full or unread. Lines of different threads never mix.
/// Thread-safe.
final class LineWriter {
    private final OutputStream out;
    /// Dedicated platform thread: a write to an unread pipe may block forever, and the caller must be able to
    /// abandon it.
    private final ExecutorService writer;

    private boolean lineIncomplete; // used by the writer thread only

    LineWriter(OutputStream out) {
        this.out = out;
        this.writer = Executors.newSingleThreadExecutor(
                Thread.ofPlatform().daemon().name("stdout-writer").factory());
    }

    /// Returns standard output of the process. Bypasses `System.out`, which hides errors.
    static LineWriter standardOutput() {
        return Standard.OUTPUT;
    }

    private static final class Standard {
        static final LineWriter OUTPUT = new LineWriter(new FileOutputStream(FileDescriptor.out));
    }

    /// Blocks until the lines are written, at most for `timeout`. Lines that were partly written by then may
    /// still appear.
    DeliveryResult write(byte[] lines, Duration timeout) {
        var writing = writer.submit((Callable<DeliveryResult>) () -> write(lines));
        try {
            return writing.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException stuck) {
            writing.cancel(false);
            return new TimedOut(timeout);
        } catch (ExecutionException e) {
            throw new IllegalStateException("standard output cannot be written: " + e.getCause(), e);
        } catch (InterruptedException e) {
            writing.cancel(false);
            Thread.currentThread().interrupt();
            return new NoAnswer("interrupted while writing");
        }
    }

    private DeliveryResult write(byte[] lines) {
        try {
            if (lineIncomplete) {
                // ends the broken line, so that the next one is complete
                out.write('\n');
            }
            lineIncomplete = true;
            out.write(lines);
            out.flush();
            lineIncomplete = false;
            return new Accepted();
        } catch (IOException e) {
            return new NoAnswer("standard output: " + e.getMessage());
        }
    }
}
