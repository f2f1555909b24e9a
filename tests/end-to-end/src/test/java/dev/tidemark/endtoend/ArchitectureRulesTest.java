package dev.tidemark.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Proves that each architecture rule can fail: the code in `violations` breaks every one.
final class ArchitectureRulesTest {
    private static final JavaClasses BROKEN_HOUSE =
            new ClassFileImporter().importPackages("dev.tidemark.endtoend.violations");

    /// Expected findings of each rule.
    private static final Map<String, String> FINDINGS = Map.ofEntries(
            Map.entry("MODULES_KNOW_ONLY_WHAT_LIES_BEFORE_THEM", "listener.JettyAndModuleViolation"),
            Map.entry("MODULES_FORM_NO_CYCLE", "Cycle detected"),
            Map.entry("ONLY_A_MAIN_ASKS_FOR_THE_TIME", "store.SystemClockViolation"),
            Map.entry("JETTY_STAYS_IN_ONE_CLASS", "[JettyAndModuleViolation, SecondJettyViolation]"),
            Map.entry("CONNECTIONS_ARE_READ_BY_ONE_THREAD", "listener.SecondJettyViolation"),
            Map.entry("QUARTZ_STAYS_IN_ONE_CLASS", "[QuartzViolation, SecondQuartzViolation]"),
            Map.entry("HTTP_CLIENT_STAYS_IN_ONE_CLASS", "[HttpClientAndMockViolation, SecondHttpClientViolation]"),
            Map.entry("DATABASE_STAYS_IN_ONE_CLASS", "[JdbcViolation, SystemClockViolation]"),
            Map.entry("H2_IS_A_DRIVER_ONLY", "store.H2Violation"),
            Map.entry("RULES_OF_THE_STORE_DO_NO_IO", "store.JdbcViolation"),
            Map.entry("JACKSON_STAYS_IN_ONE_CLASS", "[JacksonAndModuleViolation, JacksonViolation]"),
            Map.entry("OPENTELEMETRY_STAYS_IN_ITS_MODULE", "forwarder.OpenTelemetryViolation"),
            Map.entry("NOTHING_IS_MOCKED", "forwarder.HttpClientAndMockViolation"),
            Map.entry("PACKAGES_SAY_THAT_NOTHING_IS_NULL", "unmarked.NullUnmarkedViolation"));

    static Stream<Arguments> rules() {
        return Arrays.stream(ArchitectureTest.class.getDeclaredFields())
                .filter(field -> field.getType().equals(ArchRule.class))
                .map(field -> Arguments.of(field.getName(), value(field)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rules")
    void finds_what_is_wrong(String name, ArchRule rule) {
        assertThat(FINDINGS).as("what the broken house has to offer").containsKey(name);
        assertThatThrownBy(() -> rule.check(BROKEN_HOUSE))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining(FINDINGS.get(name));
    }

    @Test
    void covers_every_rule() {
        assertThat(rules()).hasSameSizeAs(FINDINGS.keySet());
    }

    private static Object value(java.lang.reflect.Field field) {
        try {
            return field.get(null);
        } catch (IllegalAccessException e) {
            throw new AssertionError(e);
        }
    }
}
