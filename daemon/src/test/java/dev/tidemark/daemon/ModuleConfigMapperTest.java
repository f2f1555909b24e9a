package dev.tidemark.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.daemon.config.ConfigFileTest;
import dev.tidemark.daemon.config.TidemarkConfig;
import dev.tidemark.listener.CallbackTokenCodec;
import dev.tidemark.store.model.AttemptId;
import dev.tidemark.store.model.MailboxId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Tests what modules get from the configuration.
final class ModuleConfigMapperTest {
    @TempDir
    private Path folder;

    @Test
    void a_group_that_is_gone_has_the_address_of_the_listener() throws IOException {
        var file = Files.writeString(folder.resolve("t.yaml"), TestDaemonConfig.TEXT);
        var config = TidemarkConfig.read(file, name -> Optional.of(ConfigFileTest.SECRET));
        var urls = new ModuleConfigMapper(config).callbackUrls(new CallbackTokenCodec(new byte[32], List.of()), 8780);
        var attempt = new AttemptId(new MailboxId("mbx_7q2m4k7vabcd2345"), 1);
        assertThat(urls.urlFor(attempt, "gone")).asString().startsWith("http://127.0.0.1:8780/ews/notifications/");
    }
}
