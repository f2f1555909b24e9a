package dev.tidemark.daemon.admin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.daemon.admin.access.AccessScope;
import dev.tidemark.daemon.admin.access.AccessToken;
import dev.tidemark.daemon.admin.access.AccessToken.Role;
import dev.tidemark.daemon.admin.stream.JournalEventStream;
import dev.tidemark.store.StoreConfig;
import dev.tidemark.store.WatermarkStore;
import dev.tidemark.store.embedded.StoreFactory;
import dev.tidemark.store.model.JournalPosition;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Tests access that lasts longer than one request: waits, streams, and operations that a caller started.
@Timeout(120)
final class LastingAccessTest {
    private static final AccessScope SALES = new AccessScope(Set.of("sales"));
    private static final AccessScope ROOMS = new AccessScope(Set.of("rooms"));

    @TempDir
    private Path folder;

    @SuppressWarnings("NullAway.Init")
    private WatermarkStore store;

    private final AccessGate gate = AccessGate.of(
            true,
            List.of(token("all", AccessScope.ALL), token("sales", SALES), token("peer", SALES), token("rooms", ROOMS)));
    private final AdminRouter router = new AdminRouter(gate, AuditLog.none());

    @BeforeEach
    void open() {
        var config = new StoreConfig(
                "jdbc:h2:file:" + folder.resolve("t"), "", "", "gw1", true, 1 << 20, Duration.ofMinutes(15));
        store = StoreFactory.open(config, Clock.systemUTC());
    }

    @AfterEach
    void close() {
        store.close();
    }

    private static AccessToken token(String name, AccessScope scope) {
        return new AccessToken(name, name + "-secret", Role.OPERATE, scope);
    }

    private AdminReply get(String path, String token, Map<String, String> query) {
        var request = new AdminRequest("GET", path, query, Map.of(), Optional.of("localhost"), Optional.empty());
        try {
            return router.handle(request.with("authorization", "Bearer " + token + "-secret"));
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void an_operation_is_visible_to_the_groups_that_started_it_and_to_all() {
        var operations = new OperationRegistry(Clock.systemUTC());
        operations.addTo(router);
        var limited = "/api/v1/operations/"
                + operations
                        .startForEach("pause", SALES, List.of("ada"), each -> true)
                        .orElseThrow()
                        .id();
        assertThat(get(limited, "sales", Map.of()).status()).isEqualTo(200);
        assertThat(get(limited, "peer", Map.of()).status()).isEqualTo(200);
        assertThat(get(limited, "all", Map.of()).status()).isEqualTo(200);
        assertThat(get(limited, "rooms", Map.of()).status()).isEqualTo(404);
        var unlimited = "/api/v1/operations/"
                + operations.start("backup", progress -> Map.of()).orElseThrow().id();
        assertThat(get(unlimited, "sales", Map.of()).status()).isEqualTo(404);
    }

    @Test
    void a_wait_ends_when_its_token_is_removed() throws Exception {
        var waiting = new CountDownLatch(1);
        InstantSource time = () -> {
            waiting.countDown();
            return Instant.now();
        };
        new EventRoutes(
                        store.journal(),
                        store.mailboxes(),
                        event -> "{}",
                        new DaemonLifecycle(),
                        time.withZone(ZoneOffset.UTC))
                .addTo(router);
        var answer = CompletableFuture.supplyAsync(
                () -> get("/api/v1/events", "all", Map.of("after", "now", "wait", "3540")));
        waiting.await();
        gate.replace(List.of(token("other", AccessScope.ALL)));
        assertThat(answer.get(60, TimeUnit.SECONDS).body()).contains("\"items\":[]");
    }

    @Test
    void admission_ends_with_the_token_and_with_its_groups() {
        var requests = new ArrayList<AdminRequest>();
        router.get("/things", RouteContract.read().limitable(), request -> {
            requests.add(request);
            return AdminReply.of(Map.of());
        });
        get("/things", "sales", Map.of());
        get("/things", "rooms", Map.of());
        assertThat(requests).allMatch(request -> request.admission().getAsBoolean());
        gate.replace(List.of(token("rooms", SALES)));
        assertThat(requests).hasSize(2).noneMatch(request -> request.admission().getAsBoolean());
    }

    @Test
    void a_stream_ends_when_admission_ends() throws Exception {
        store.journal().appendInstanceEvent("a", Map.of());
        var sources = new JournalEventStream.Sources(
                store.journal(), event -> "{}", PositionTextCodec::of, () -> false, Clock.systemUTC());
        var text = new StringBuilder();
        new JournalEventStream(sources.during(() -> text.indexOf("data") < 0), event -> true, new JournalPosition(0))
                .writeTo(text::append);
        assertThat(text).contains("data: {}");
    }
}
