package dev.tidemark.listener;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ConnectionCapacityTest {
    @ParameterizedTest
    @CsvSource({
        "  16, 1048576,   256",
        "  64, 1048576,   409",
        " 256, 1048576,  1638",
        "1024, 1048576,  6553",
        "8192, 1048576, 10000",
        "8192,    4096,  2048",
        "8192,     256,   256"
    })
    void connections_take_at_most_half_of_the_files_and_the_share_of_the_memory(
            long mebibytes, long files, int connections) {
        assertThat(ConnectionCapacity.of(mebibytes << 20, files)).isEqualTo(connections);
    }
}
