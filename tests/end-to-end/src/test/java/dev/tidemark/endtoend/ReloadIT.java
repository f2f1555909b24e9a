package dev.tidemark.endtoend;

import dev.tidemark.testsupport.TestIdentity;
import java.io.IOException;
import java.nio.file.Path;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/// Reloads the configuration under load by SIGHUP.
final class ReloadIT {
    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path folder;

    private SSLContext before;
    private List<TestIdentity> certificates;

    /// Makes the simulated Exchange trust the listener's certificates.
    @BeforeEach
    void trust() throws NoSuchAlgorithmException {
        before = SSLContext.getDefault();
        certificates = List.of(TestIdentity.create(), TestIdentity.create());
        SSLContext.setDefault(TestIdentity.trusting(certificates));
    }

    @AfterEach
    void restore() {
        SSLContext.setDefault(before);
    }

    @Test
    void ten_reloads_under_load_lose_repeat_and_refuse_nothing() throws IOException {
        new ReloadUnderLoad(10, 100).assertNothingLost(folder, certificates);
    }

    @Test
    @Tag("soak")
    void so_do_a_hundred_under_five_hundred_callbacks_a_second() throws IOException {
        new ReloadUnderLoad(100, 500).assertNothingLost(folder, certificates);
    }
}
