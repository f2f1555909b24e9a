package dev.tidemark.daemon.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.tidemark.daemon.admin.AdminRequest.BodyText;
import dev.tidemark.daemon.admin.access.AccessScope;
import dev.tidemark.daemon.admin.access.AccessToken;
import dev.tidemark.daemon.admin.access.AccessToken.Role;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Tests the audit file through a router.
final class AuditLogTest {
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-11-01T09:00:00Z"), ZoneOffset.UTC);

    @TempDir
    Path folder;

    private final AtomicInteger changes = new AtomicInteger();

    private Path file() {
        return folder.resolve("audit.jsonl");
    }

    private AdminRouter router() {
        var router = new AdminRouter(AccessGate.open(), AuditLog.open(Optional.of(file()), CLOCK));
        router.post("/things/{thing}", request -> {
            changes.incrementAndGet();
            if (request.body().equals("fail")) {
                throw new IllegalStateException("failed on purpose");
            }
            return AdminReply.of(Map.of());
        });
        return router;
    }

    private static AdminReply post(AdminRouter router, String body) throws InterruptedException {
        return router.handle(new AdminRequest(
                "POST", "/things/a%2Fb", Map.of(), Map.of(), Optional.of("localhost"), Optional.empty(), body));
    }

    @Test
    void an_entry_names_time_action_target_and_result() throws Exception {
        post(router(), "{\"to\":\"x\"}");
        assertThat(Files.readString(file())).isEqualToIgnoringNewLines("""
                {"time":"2026-11-01T09:00:00Z","token":"","address":"127.0.0.1","action":"POST /things/{thing}",\
                "target":"a/b","body":"{\\"to\\":\\"x\\"}","result":200}""");
    }

    @Test
    void a_change_that_fails_is_audited_as_well() throws Exception {
        var router = router();
        assertThatExceptionOfType(IllegalStateException.class).isThrownBy(() -> post(router, "fail"));
        assertThat(Files.readString(file())).contains("\"result\":500");
    }

    @Test
    void nothing_changes_while_an_entry_cannot_be_written_and_none_is_lost() throws Exception {
        var router = router();
        Files.delete(file());
        Files.createDirectory(file());
        assertThat(post(router, "first").status()).isEqualTo(200);
        assertThat(post(router, "second").status()).isEqualTo(503);
        assertThat(changes).hasValue(1);

        Files.delete(file());
        assertThat(post(router, "third").status()).isEqualTo(200);
        assertThat(Files.readAllLines(file()))
                .satisfiesExactly(
                        first -> assertThat(first).contains("first"),
                        third -> assertThat(third).contains("third"));
    }

    @Test
    void refused_requests_do_not_pile_up_while_the_file_cannot_be_written() throws Exception {
        var reader = new AccessToken("viewer", "the-secret-of-viewer", Role.READ, AccessScope.ALL);
        var router = new AdminRouter(AccessGate.of(true, List.of(reader)), AuditLog.open(Optional.of(file()), CLOCK));
        router.post("/things/{thing}", request -> AdminReply.of(Map.of()));
        var request = new AdminRequest(
                        "POST", "/things/a", Map.of(), Map.of(), Optional.of("localhost"), Optional.empty())
                .with("authorization", "Bearer the-secret-of-viewer");
        assertThat(router.handle(request).status()).isEqualTo(403);
        Files.delete(file());
        Files.createDirectory(file());
        // the first of them detects that the file cannot be written
        for (var i = 0; i < 100; i++) {
            assertThat(router.handle(request).status()).isEqualTo(403);
        }
        Files.delete(file());
        router.handle(request);
        assertThat(Files.readAllLines(file())).hasSize(2);
    }

    @Test
    void changes_at_the_same_time_are_all_in_the_file_when_they_return() throws Exception {
        var router = router();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var found = IntStream.range(0, 100)
                    .mapToObj(number -> threads.submit(() -> {
                        post(router, "change-" + number + ".");
                        return Files.readString(file()).contains("change-" + number + ".");
                    }))
                    .toList();
            for (var isAudited : found) {
                assertThat(isAudited.get()).isTrue();
            }
        }
        assertThat(Files.readAllLines(file())).hasSize(100);
    }

    @Test
    void a_body_that_cannot_be_read_is_refused_and_audited() throws Exception {
        var gone = new BodyText("", Optional.of(AdminReply.problem(408, "bad-request", "the body came too late")));
        var request = new AdminRequest(
                "POST",
                "/things/a",
                Map.of(),
                Map.of(),
                Map.of("host", "localhost"),
                "127.0.0.1",
                () -> gone,
                AccessScope.ALL,
                () -> true);
        assertThat(router().handle(request).status()).isEqualTo(408);
        assertThat(changes).hasValue(0);
        assertThat(Files.readString(file())).contains("\"result\":408");
    }

    @Test
    void a_line_that_a_power_cut_has_torn_spoils_no_other() throws Exception {
        Files.writeString(file(), "{\"time\":\"torn");
        post(router(), "next");
        assertThat(Files.readAllLines(file()))
                .satisfiesExactly(
                        torn -> assertThat(torn).endsWith("torn"),
                        next -> assertThat(next).startsWith("{\"time\":\"2026").contains("next"));
    }

    @Test
    void long_parameters_are_cut() throws Exception {
        var value = "x".repeat(5000);
        router().handle(new AdminRequest(
                "POST", "/things/a", Map.of(), Map.of(), Optional.of("localhost"), Optional.empty(), value));
        assertThat(Files.readString(file()).length()).isLessThan(1500);
    }

    @Test
    void a_file_that_cannot_be_written_ends_the_start() throws IOException {
        Files.createDirectory(file());
        assertThatExceptionOfType(UnreachableException.class)
                .isThrownBy(() -> AuditLog.open(Optional.of(file()), CLOCK))
                .withMessageContaining("change admin.audit.");
    }
}
