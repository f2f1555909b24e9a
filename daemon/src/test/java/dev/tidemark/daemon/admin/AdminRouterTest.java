package dev.tidemark.daemon.admin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.daemon.admin.access.AccessScope;
import dev.tidemark.daemon.admin.access.AccessToken;
import dev.tidemark.daemon.admin.access.LoginThrottle;
import dev.tidemark.store.StoreException;
import dev.tidemark.testsupport.SettableClock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AdminRouterTest {
    private final AdminRouter router = new AdminRouter();

    private AdminReply ask(String path) throws InterruptedException {
        return router.handle(
                new AdminRequest("GET", path, Map.of(), Map.of(), Optional.of("localhost"), Optional.empty()));
    }

    @Test
    void what_is_not_there_yet_is_starting_and_not_missing() throws InterruptedException {
        router.get("/health/live", request -> AdminReply.of(Map.of("status", "up")));

        assertThat(ask("/health/live").status()).isEqualTo(200);
        assertThat(ask("/")).satisfies(early -> {
            assertThat(early.status()).isEqualTo(503);
            assertThat(early.headers()).containsKey("Retry-After");
            assertThat(early.body()).contains("still starting");
        });

        router.complete();
        assertThat(ask("/").status()).isEqualTo(404);
    }

    @Test
    void a_failure_of_the_store_is_reported_as_503() throws InterruptedException {
        router.get("/api/v1/x", request -> {
            throw new StoreException("PostgreSQL cannot be reached (refused); check that it runs.");
        });
        assertThat(ask("/api/v1/x")).satisfies(reply -> {
            assertThat(reply.status()).isEqualTo(503);
            assertThat(reply.headers()).containsEntry("Retry-After", "5");
            assertThat(reply.body())
                    .contains(
                            "problems/store-unavailable", "PostgreSQL cannot be reached (refused); check that it runs");
        });
    }

    @Test
    void the_response_about_a_damaged_store_has_no_retry_after() throws InterruptedException {
        router.get("/api/v1/x", request -> {
            throw StoreException.permanent("data/0001.log is damaged at offset 12; restore the store from a backup.");
        });
        assertThat(ask("/api/v1/x")).satisfies(reply -> {
            assertThat(reply.status()).isEqualTo(503);
            assertThat(reply.headers()).doesNotContainKey("Retry-After");
            assertThat(reply.body()).contains("problems/store-unavailable", "damaged at offset 12");
        });
    }

    @Test
    void an_address_with_too_many_wrong_tokens_waits_except_with_a_valid_one() throws InterruptedException {
        var clock = new SettableClock();
        var ops = new AccessToken("ops", "right", AccessToken.Role.OPERATE, AccessScope.ALL);
        var throttle = new LoginThrottle(clock, LoginThrottle.LoginMeter.NONE);
        var guarded = new AdminRouter(AccessGate.of(true, List.of(ops), throttle), AuditLog.none())
                .get("/api/v1/x", request -> AdminReply.of(Map.of()));
        var request = new AdminRequest("GET", "/api/v1/x", Map.of(), Map.of(), Optional.empty(), Optional.empty());
        var wrong = request.with("authorization", "Bearer wrong");
        for (var i = 0; i < LoginThrottle.MAX_FAILURES; i++) {
            assertThat(guarded.handle(wrong).status()).isEqualTo(401);
            assertThat(guarded.handle(request).status()).as("without a token").isEqualTo(401);
        }
        var right = request.with("authorization", "Bearer right");
        var refused = guarded.handle(wrong);
        assertThat(refused.status()).isEqualTo(429);
        assertThat(refused.headers()).containsEntry("Retry-After", "1");
        // a client behind the same proxy
        assertThat(guarded.handle(right).status()).isEqualTo(200);
        assertThat(guarded.handle(wrong).status()).isEqualTo(429);
        clock.advance(Duration.ofSeconds(1));
        assertThat(guarded.handle(wrong).status()).isEqualTo(401);
    }
}
