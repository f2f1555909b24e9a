package dev.tidemark.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.values.MailboxAddress;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScenarioFileTest {
    @Test
    void reads_mailboxes_rate_and_steps() {
        var scenario = ScenarioFileReader.parse("s.yaml", """
                mailboxes: [ ada@example.com ]
                rate: 0.5
                steps:
                  - { at: 10s, fault: lose-callback, times: 3, mailbox: ada@example.com }
                  - { at: 1m, mail: ada@example.com, subject: Hello }
                  - { at: 2m, clear: faults }
                """);
        var ada = new MailboxAddress("ada@example.com");
        assertThat(scenario.mailboxes()).containsExactly(ada);
        assertThat(scenario.rate()).isEqualTo(0.5);
        assertThat(scenario.steps())
                .containsExactly(
                        new SimulatorScenario.ScenarioStep.OrderFault(
                                Duration.ofSeconds(10),
                                "lose-callback",
                                Map.of("times", "3", "mailbox", "ada@example.com")),
                        new SimulatorScenario.ScenarioStep.DeliverMail(Duration.ofMinutes(1), ada, "Hello"),
                        new SimulatorScenario.ScenarioStep.ClearFaults(Duration.ofMinutes(2)));
    }

    @Test
    void reports_every_mistake_with_its_place() {
        assertThatThrownBy(() -> ScenarioFileReader.parse("s.yaml", """
                        mailboxes: [ nowhere ]
                        rat: 2
                        steps:
                          - at: soon
                            fault: lose-callbacks
                            rate: 1.5
                          - fault: lose-reply
                        """))
                .isInstanceOfSatisfying(
                        DemoCommandException.class,
                        e -> assertThat(e.exitCode()).isEqualTo(2))
                .hasMessageContaining("s.yaml:1:14: 'nowhere' is not an address.")
                .hasMessageContaining("s.yaml:2:6: 'rat' is not known here; use [mailboxes, rate, steps].")
                .hasMessageContaining("s.yaml:4:9: 'soon' is not a time such as 30s.")
                .hasMessageContaining("s.yaml:5:12: 'lose-callbacks' is not one of")
                .hasMessageContaining("s.yaml:6:11: '1.5' is not a probability")
                .hasMessageContaining("s.yaml:7:5: 'at' is missing.");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "steps: [ { at: 1s, fault: lose-callbacks } ] | 1:27: 'lose-callbacks' is not one of",
                "steps: [ { at: 1s, fault: lose-reply, rate: 1.5 } ] | 1:45: '1.5' is not a probability",
                "steps: [ { at: 1s } ] | 1:10: 'clear' is missing.",
                "steps: 3 | 1:8: 'steps' must be a list.",
                "rate: 1\\nrate: 2 | 2:1: 'rate' is there twice",
                "steps: [ | 1:"
            })
    void each_mistake_names_its_place(String text, String expected) {
        assertThatThrownBy(() -> ScenarioFileReader.parse("s.yaml", text.replace("\\n", "\n")))
                .isInstanceOf(DemoCommandException.class)
                .hasMessageContaining(expected);
    }
}
