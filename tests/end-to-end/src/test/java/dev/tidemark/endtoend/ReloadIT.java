package dev.tidemark.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.security.NoSuchAlgorithmException;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/// Reloads the configuration under load by SIGHUP.
final class ReloadIT {
    private static final int MANY = 100;

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path folder;

    private SSLContext before;
    private ServedCertificateRecorder certificates;

    /// Makes the simulated Exchange trust the listener's certificates.
    @BeforeEach
    void trust() throws NoSuchAlgorithmException {
        before = SSLContext.getDefault();
        certificates = new ServedCertificateRecorder(MANY + 1);
        SSLContext.setDefault(certificates.context());
    }

    @AfterEach
    void restore() {
        SSLContext.setDefault(before);
    }

    @Test
    void ten_reloads_under_load_lose_repeat_and_refuse_nothing() throws IOException {
        assertThat(new ReloadUnderLoad(10, 100, 1).assertNothingLost(folder, certificates))
                .isPositive();
    }

    /// Needs a machine with two cores and no other work, because it asserts the rate. Callbacks share connections:
    /// handshakes of both sides on one machine take most of two cores at this rate.
    @Test
    @Tag("soak")
    void so_do_a_hundred_under_five_hundred_callbacks_a_second() throws IOException {
        assertThat(new ReloadUnderLoad(MANY, 560, 20).assertNothingLost(folder, certificates))
                .as("callbacks per second during the reloads")
                .isGreaterThanOrEqualTo(500);
    }
}
