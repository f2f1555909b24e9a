package dev.tidemark.daemon.metrics;

import dev.tidemark.daemon.metrics.CertificateMetrics.CertificateFile;
import dev.tidemark.daemon.metrics.MonitoredModules.DaemonFacts;
import dev.tidemark.store.CallbackIntake;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/// Warns of resources that run out: space on the store's disk, and the validity of certificates. The limits are those
/// of the alert rules. Called for each status; any thread.
///
/// @param facts limits and files of the current configuration
public record ResourceWarnings(CallbackIntake intake, DaemonFacts facts, Clock clock) {
    private static final Duration CERTIFICATE_NOTICE = Duration.ofDays(14);
    private static final int DISK_NOTICE = 2;
    private static final long MEBIBYTE = 1L << 20;

    /// Warning with cause and remedy.
    ///
    /// @param subject affected file; empty for the disk
    public record Warning(String subject, String state, String cause, String remedy) {}

    /// Returns a warning if the store's disk is nearly full; empty if it is full, because then the store reports it.
    public Optional<Warning> disk() {
        var limit = facts.minFree();
        OptionalLong free = intake.freeBytes();
        return free.isPresent() && free.getAsLong() < DISK_NOTICE * limit && free.getAsLong() >= limit
                ? Optional.of(new Warning(
                        "",
                        "nearly full",
                        "the store's disk has " + mebibytes(free.getAsLong()) + " left, and callbacks get 503 below "
                                + mebibytes(limit) + " (store.min-free)",
                        "free space, or move the store to a larger disk; if a sink is behind, repair it, because the"
                                + " store keeps its events"))
                : Optional.empty();
    }

    private static String mebibytes(long bytes) {
        return bytes / MEBIBYTE + " MiB";
    }

    /// Returns a warning for each certificate that expires soon, has expired or cannot be read.
    public List<Warning> certificates() {
        var now = clock.instant();
        return facts.certificateFiles().stream()
                .flatMap(file -> warning(file, now).stream())
                .toList();
    }

    private static Optional<Warning> warning(CertificateFile file, Instant now) {
        var name = file.path().toString();
        var expiry = CertificateMetrics.expiry(file);
        if (expiry.isEmpty()) {
            return Optional.of(new Warning(
                    name,
                    "unreadable",
                    "the file holds no certificate that can be read",
                    "restore the file; Tidemark loads it within seconds"));
        }
        var left = Duration.between(now, expiry.get());
        return left.compareTo(CERTIFICATE_NOTICE) < 0
                ? Optional.of(new Warning(
                        name,
                        left.isPositive() ? "expiring" : "expired",
                        "the certificate " + (left.isPositive() ? "expires in " + days(left) : "expired") + " at "
                                + expiry.get().truncatedTo(ChronoUnit.SECONDS),
                        "renew the certificate in this file; Tidemark loads it within seconds"))
                : Optional.empty();
    }

    /// Returns days rounded up, so that less than a day is not zero.
    private static String days(Duration left) {
        var days = left.toDays() + (left.minusDays(left.toDays()).isPositive() ? 1 : 0);
        return days == 1 ? "1 day" : days + " days";
    }
}
