package dev.tidemark.endtoend;

import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/// Prints the figures of a long run every 30 seconds, so that an interrupted run has printed some.
final class FigurePrinter implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger("figures");
    private static final int SECONDS = 30;

    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("figures").factory());
    private final long start = System.nanoTime();
    private final String phase;
    private final Supplier<String> figures;
    private final ScheduledFuture<?> printing;

    FigurePrinter(String phase, Supplier<String> figures) {
        this.phase = phase;
        this.figures = figures;
        printing = timer.scheduleAtFixedRate(this::print, SECONDS, SECONDS, TimeUnit.SECONDS);
    }

    void print() {
        var seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start);
        LOG.log(System.Logger.Level.INFO, "{0}, {1} s: {2}", phase, seconds, figures.get());
    }

    @Override
    public void close() {
        printing.cancel(false);
        timer.close();
    }
}
