package dev.tidemark.listener;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Tests key files that cannot be used.
final class PemIdentityTest {
    @TempDir
    Path folder;

    @Test
    void a_key_that_is_not_base64_is_told_like_every_other_fault() throws Exception {
        var identity = ListenerIdentity.in(folder, "EC");
        Files.writeString(identity.files().privateKey(), "-----BEGIN PRIVATE KEY-----\nA\n-----END PRIVATE KEY-----\n");
        assertThatExceptionOfType(ListenerException.class)
                .isThrownBy(() -> PemIdentity.load(identity.files()))
                .withMessageContaining("give a PEM certificate and its PKCS#8 key.");
    }
}
