package dev.tidemark.daemon.admin;

import static org.assertj.core.api.Assertions.assertThat;

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
}
