package dev.tidemark.benchmarks.server;

import dev.tidemark.listener.CallbackListener;
import dev.tidemark.listener.CallbackTokenCodec;
import dev.tidemark.listener.ListenerConfig;
import dev.tidemark.store.StoreConfig;
import dev.tidemark.store.WatermarkStore;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/// Tidemark's listener with its store, wired as in the daemon, with and without TLS.
final class TidemarkServer implements MeasuredServer {
    /// Key that protects nothing; it only has to be the same for creating and checking tokens.
    private static final byte[] TOKEN_KEY = new byte[32];

    private final StoreConfig config;
    private final Clock clock;
    private final WatermarkStore store;
    private final long journalled;
    private final CallbackListener plain;
    private final CallbackListener tls;

    TidemarkServer(StoreConfig config, Clock clock, ListenerConfig.Tls identity) {
        this.clock = clock;
        this.config = config;
        store = BenchmarkStores.open(config, clock);
        journalled = JournalCounts.pushed(store.journal()).events();
        plain = listen(Optional.empty());
        tls = listen(Optional.of(identity));
    }

    /// Returns the key in the format of the configuration.
    static String tokenKey() {
        return Base64.getEncoder().encodeToString(TOKEN_KEY);
    }

    static CallbackTokenCodec tokens() {
        return new CallbackTokenCodec(TOKEN_KEY, List.of());
    }

    @Override
    public int port() {
        return plain.port();
    }

    @Override
    public Optional<Integer> tlsPort() {
        return Optional.of(tls.port());
    }

    /// Reads all events again from the store, as a restart would.
    @Override
    public Account stop() {
        plain.close();
        tls.close();
        var duplicates = plain.counters().duplicates() + tls.counters().duplicates();
        var gaps = plain.counters().gaps() + tls.counters().gaps();
        store.close();
        try (var again = BenchmarkStores.open(config, clock)) {
            var found = JournalCounts.pushed(again.journal());
            return new Account(
                    found.events() - journalled, duplicates + found.events() - found.distinct(), gaps + found.gaps());
        }
    }

    /// Starts the listener with the defaults of `conf/tidemark.yaml`.
    private CallbackListener listen(Optional<ListenerConfig.Tls> identity) {
        var listening = new ListenerConfig(
                "127.0.0.1",
                0,
                "",
                List.of(),
                List.of(),
                "/health",
                1 << 20,
                0,
                10_000,
                Duration.ZERO,
                Duration.ofSeconds(30),
                identity);
        return CallbackListener.start(listening, store, tokens(), mailbox -> {}, clock);
    }
}
