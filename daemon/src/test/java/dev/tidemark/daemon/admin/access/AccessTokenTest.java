package dev.tidemark.daemon.admin.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.daemon.admin.access.AccessToken.Role;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class AccessTokenTest {
    private static final AccessToken OPS = new AccessToken("ops", "secret-of-ops", Role.OPERATE, AccessScope.ALL);
    private static final AccessToken PROM =
            new AccessToken("prom", "secret-of-prom", Role.METRICS, new AccessScope(Set.of("sales")));

    @Test
    void each_token_is_found_by_its_whole_secret() {
        assertThat(AccessToken.find(List.of(OPS, PROM), "secret-of-ops")).contains(OPS);
        assertThat(AccessToken.find(List.of(OPS, PROM), "secret-of-prom")).contains(PROM);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "secret-of-", "secret-of-ops ", "secret-of-opsx", "SECRET-OF-OPS"})
    void a_part_of_a_secret_finds_nothing(String presented) {
        assertThat(AccessToken.find(List.of(OPS, PROM), presented)).isEmpty();
    }

    @Test
    void a_role_includes_those_before_it() {
        assertThat(Role.OPERATE.includes(Role.READ)).isTrue();
        assertThat(Role.READ.includes(Role.METRICS)).isTrue();
        assertThat(Role.METRICS.includes(Role.READ)).isFalse();
        assertThat(Role.READ.includes(Role.OPERATE)).isFalse();
    }

    @Test
    void a_secret_is_not_printed() {
        assertThat(OPS.toString()).contains("ops", "operate").doesNotContain("secret");
    }

    @Test
    void a_scope_without_groups_covers_all() {
        assertThat(AccessScope.ALL.covers("sales")).isTrue();
        assertThat(PROM.scope().covers("sales")).isTrue();
        assertThat(PROM.scope().covers("inboxes")).isFalse();
    }
}
