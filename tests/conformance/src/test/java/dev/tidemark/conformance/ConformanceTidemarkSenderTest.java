package dev.tidemark.conformance;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

/// Checks Tidemark against Standard Webhooks.
final class ConformanceTidemarkSenderTest extends SenderContract {
    @TempDir
    private Path folder;

    @Override
    WebhookSenderUnderTest sender(WebhookSenderUnderTest.Settings settings) {
        return ConformanceTidemarkSender.open(folder, settings);
    }
}
