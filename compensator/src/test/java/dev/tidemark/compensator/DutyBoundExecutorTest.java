package dev.tidemark.compensator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.compensator.CompensationExecutor.RepairOrigin;
import dev.tidemark.compensator.CompensationPlanner.PlannedAction;
import dev.tidemark.store.model.SubscribeReason;
import dev.tidemark.subscriber.connection.SubscriptionOutcome;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

final class DutyBoundExecutorTest {
    private static final PlannedAction NEED = new PlannedAction(
            CompensatedMailboxes.active(1, Instant.EPOCH).build(),
            "lab",
            new CompensationAction.Resubscribe(SubscribeReason.OPERATOR),
            "");

    private final AtomicBoolean isOnDuty = new AtomicBoolean(true);
    private final RecordingExecutor repairs = new RecordingExecutor(new ArrayList<>());
    private final DutyBoundExecutor executor = new DutyBoundExecutor(repairs, isOnDuty::get);

    private record RecordingExecutor(List<RepairOrigin> done) implements CompensationExecutor {
        @Override
        public SubscriptionOutcome execute(PlannedAction need, RepairOrigin origin) {
            done.add(origin);
            return new SubscriptionOutcome.Skipped("recorded");
        }
    }

    @Test
    void a_node_on_duty_repairs_and_lets_an_operator_ignore_backoffs() {
        executor.execute(NEED, RepairOrigin.SWEEP);
        executor.execute(NEED, RepairOrigin.OPERATOR);
        assertThat(repairs.done()).containsExactly(RepairOrigin.SWEEP, RepairOrigin.OPERATOR);
    }

    @Test
    void a_node_without_the_duty_repairs_nothing() {
        isOnDuty.set(false);
        assertThat(List.of(executor.execute(NEED, RepairOrigin.SWEEP), executor.execute(NEED, RepairOrigin.OPERATOR)))
                .allSatisfy(outcome -> assertThat(outcome).isInstanceOf(SubscriptionOutcome.Skipped.class));
        assertThat(repairs.done()).isEmpty();
    }
}
