package dev.tidemark.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Runs commands, the whole demo among them, with the operator's launcher.
final class DemoLauncherIT {
    private static final String COPY_AND_CHECK = """
            folder="$2/$(printf 'gr\\303\\266\\303\\237e')"
            mkdir "$folder"
            cp "$1/conf/tidemark.yaml" "$folder"
            exec env -u LC_ALL -u LC_CTYPE -u LANG $3 "$1/bin/tidemark" check --config "$folder/tidemark.yaml"
            """;

    /// redhat-developer/vscode-java #4473: a service manager, cron and most containers set no locale.
    @ParameterizedTest
    @ValueSource(strings = {"", "LC_ALL=C", "LC_CTYPE=POSIX", "LANG=C", "LANG=C.UTF-8"})
    void a_folder_with_letters_beyond_ascii_is_read_in_every_locale(String locale, @TempDir Path folder)
            throws IOException, InterruptedException {
        var home = InstalledDistribution.home().toString();
        var result = CommandRunner.run(
                Duration.ofMinutes(2), List.of("sh", "-c", COPY_AND_CHECK, "sh", home, folder.toString(), locale));

        assertThat(result.exit()).as(result::all).isZero();
        assertThat(result.all()).doesNotContain("unmappable");
    }

    @Test
    void the_demo_under_faults_misses_nothing() throws IOException, InterruptedException {
        var result = CommandRunner.run(
                Duration.ofMinutes(5), InstalledDistribution.launcherCommand("demo", "--duration", "10s", "--faults"));

        assertThat(result.exit()).as(result::all).isZero();
        assertThat(result.out().getLast())
                .matches("sent \\d+ acknowledged \\d+ delivered \\d+ duplicates \\d+ missing 0");
        assertThat(result.out().getFirst()).contains("http://127.0.0.1:");
        assertThat(result.stackTraces()).isEmpty();
    }
}
