package dev.tidemark.kafkabroker;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// luben/zstd-jni #113 and xerial/snappy-java #240: a temporary folder from which no library loads.
@Timeout(300)
final class CodecReportsTest {
    private static KafkaCluster cluster;

    @TempDir
    private Path folder;

    @BeforeAll
    static void start_a_broker() throws Exception {
        cluster = new KafkaCluster();
    }

    @AfterAll
    static void stop_it() throws Exception {
        cluster.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"snappy", "zstd"})
    void a_compression_that_does_not_load_holds_the_sink_with_the_remedy(String codec) throws Exception {
        cluster.topic(codec, 1);
        assertThat(stateOnceIt("held", codec))
                .startsWith("held backlog 5 dead letters 0 ")
                .contains("java.io.tmpdir", "compression.type: gzip");
    }

    @Test
    void gzip_needs_no_library() throws Exception {
        cluster.topic("gzip", 1);
        assertThat(stateOnceIt("active backlog 0", "gzip")).startsWith("active backlog 0 dead letters 0");
        assertThat(cluster.read("gzip", read -> read.size() >= 5)).hasSize(5);
    }

    private String stateOnceIt(String begins, String codec) throws IOException {
        var process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Djava.io.tmpdir=/dev/null/none",
                        "-cp",
                        System.getProperty("java.class.path"),
                        CodecProcess.class.getName(),
                        folder.resolve(codec).toString(),
                        cluster.servers(),
                        codec,
                        codec,
                        "5")
                .redirectError(folder.resolve(codec + ".err").toFile())
                .start();
        try (var states = process.inputReader();
                var asking = process.outputWriter()) {
            var state = "";
            while (!state.startsWith(begins)) {
                asking.write('?');
                asking.flush();
                state = states.readLine();
                assertThat(state).isNotNull();
            }
            return state;
        } finally {
            process.destroyForcibly();
        }
    }
}
