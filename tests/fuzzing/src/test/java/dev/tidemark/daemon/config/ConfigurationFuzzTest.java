package dev.tidemark.daemon.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.DictionaryFile;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.io.TempDir;

/// Fuzzes the configuration. Any file is read or refused with faults at their places, never with a stack trace.
final class ConfigurationFuzzTest {
    @TempDir
    static Path folder;

    @DictionaryFile(resourcePath = "/configuration.dict")
    @FuzzTest
    void any_file_is_read_or_refused_with_faults_at_their_places(byte[] content) throws IOException {
        var file = Files.write(folder.resolve("tidemark.yaml"), content);
        try {
            var config = ConfigReader.read(file, name -> Optional.of(name).filter("SET"::equals));
            assertThat(YamlJsonCodec.toYaml(config.effective())).isNotBlank();
        } catch (ConfigException refused) {
            assertThat(refused.faults()).isNotEmpty().allSatisfy(fault -> {
                assertThat(fault.line()).isPositive();
                assertThat(fault.column()).isPositive();
                assertThat(fault.message()).isNotBlank();
            });
        }
    }
}
