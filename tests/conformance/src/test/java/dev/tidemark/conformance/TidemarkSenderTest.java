package dev.tidemark.conformance;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

/// Tidemark, held to Standard Webhooks.
final class TidemarkSenderTest extends SenderContract {
    @TempDir
    private Path folder;

    @Override
    Sender sender(Sender.Settings settings) {
        return TidemarkSender.open(folder, settings);
    }
}
