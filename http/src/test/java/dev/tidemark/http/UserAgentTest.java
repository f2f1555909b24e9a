package dev.tidemark.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class UserAgentTest {
    @Test
    void names_the_version_of_this_build() {
        assertThat(UserAgent.text()).matches("Tidemark/\\d+\\.\\d+\\.\\d+.*");
    }
}
