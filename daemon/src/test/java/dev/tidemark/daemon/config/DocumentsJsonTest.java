package dev.tidemark.daemon.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class DocumentsJsonTest {
    @Test
    void what_the_admin_api_leaves_empty_is_empty_when_it_is_shown_again() {
        var answer = "{\"recovery\":null,\"left\":[1,null]}";
        assertThat(YamlJsonCodec.toJson(YamlJsonCodec.fromJson(answer))).isEqualToIgnoringWhitespace(answer);
    }
}
