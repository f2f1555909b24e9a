package dev.tidemark.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.simulator.operation.SimulatedEwsCall;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// Replaces the exhaustive switch that class files for Java 17 cannot have.
class OperationDispatcherTest {
    /// Calls that [EwsEndpoint] answers itself.
    private static final Set<Class<?>> ELSEWHERE =
            Set.of(SimulatedEwsCall.GetStreamingEvents.class, SimulatedEwsCall.MailboxCall.class);

    private final SimulatorTestBed bed = new SimulatorTestBed();

    @Test
    void each_operation_has_one_handler() {
        assertThat(SimulatedEwsCall.class.getPermittedSubclasses())
                .isNotEmpty()
                .allSatisfy(type -> assertThat(bed.dispatcher.handles(type)).isEqualTo(!ELSEWHERE.contains(type)));
    }

    @Test
    void an_operation_without_a_handler_is_an_error() {
        var stream = new SimulatedEwsCall.GetStreamingEvents(List.of("id"), Duration.ofMinutes(1));
        var context = new OperationDispatcher.CallContext(
                bed.ada, "Exchange2013_SP1", bed.organization.server(bed.ada.address()));
        assertThatThrownBy(() -> bed.dispatcher.messages(stream, context))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("GetStreamingEvents");
    }
}
