package dev.tidemark.daemon.reload;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.daemon.TestDaemonConfig;
import dev.tidemark.daemon.config.ConfigFileTest;
import dev.tidemark.daemon.config.TidemarkConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ConfigDifferenceTest {
    private static final String OPS = "{ name: ops, token: of-the-operators-1, role: operate }";
    private static final String VIEW = "{ name: view, token: of-the-viewers-01, role: read, groups: [ inboxes ] }";

    @TempDir
    Path folder;

    private TidemarkConfig tokens(String... tokens) throws IOException {
        var list = "tokens: [ " + String.join(", ", tokens) + " ]";
        var text = TestDaemonConfig.TEXT.replace("admin: { ", "admin: { " + list + ", ");
        var file = Files.writeString(folder.resolve("t.yaml"), text);
        return TidemarkConfig.read(file, name -> Optional.of(ConfigFileTest.SECRET));
    }

    private static List<String> changes(TidemarkConfig before, TidemarkConfig after) {
        return ConfigDifference.between(before, after).sentences();
    }

    @Test
    void a_token_that_is_removed_or_added_is_one_change() throws IOException {
        var both = tokens(OPS, VIEW);
        assertThat(changes(both, tokens(VIEW))).containsExactly("admin.tokens.ops removed");
        assertThat(changes(both, tokens(OPS))).containsExactly("admin.tokens.view removed");
        assertThat(changes(both, tokens())).containsExactly("admin.tokens.ops removed", "admin.tokens.view removed");
        assertThat(changes(tokens(VIEW), both)).containsExactly("admin.tokens.ops added");
        assertThat(changes(tokens(), tokens(OPS))).containsExactly("admin.tokens.ops added");
    }

    @Test
    void a_changed_field_of_a_token_is_named_by_the_token() throws IOException {
        var both = tokens(OPS, VIEW);
        assertThat(changes(both, tokens(OPS, VIEW.replace("viewers-01", "viewers-02"))))
                .containsExactly("admin.tokens.view.token changed");
        assertThat(changes(both, tokens(OPS.replace("operate", "read"), VIEW)))
                .containsExactly("admin.tokens.ops.role changed");
    }

    @Test
    void another_order_of_tokens_is_no_change() throws IOException {
        assertThat(changes(tokens(OPS, VIEW), tokens(VIEW, OPS))).isEmpty();
    }
}
