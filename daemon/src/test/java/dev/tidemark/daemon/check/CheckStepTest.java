package dev.tidemark.daemon.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.daemon.check.CheckStep.CheckStage;
import dev.tidemark.daemon.config.YamlJsonCodec;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CheckStepTest {
    @Test
    void a_step_survives_its_way_through_the_api() {
        var step = CheckStep.failed(CheckStage.SINK, "It was refused.", "Repair it.")
                .ofSink("crm");

        assertThat(CheckStep.of(YamlJsonCodec.fromJson(YamlJsonCodec.toJson(step.fields()))))
                .isEqualTo(step);
    }

    @Test
    void a_sentence_is_split_into_cause_and_remedy() {
        var step = CheckStep.failed(CheckStage.STORE, "The store is in use; stop that process.");

        assertThat(step.message()).isEqualTo("The store is in use.");
        assertThat(step.remedy()).isEqualTo(Optional.of("Stop that process."));
    }

    @Test
    void only_what_is_reached_over_the_network_or_taken_is_unreachable() {
        assertThat(CheckStep.failed(CheckStage.CONNECT, "x", "y").isUnreachable())
                .isTrue();
        assertThat(CheckStep.failed(CheckStage.LOG_IN, "x", "y").isUnreachable())
                .isFalse();
        assertThat(CheckStep.passed(CheckStage.CONNECT, "x").isUnreachable()).isFalse();
    }
}
