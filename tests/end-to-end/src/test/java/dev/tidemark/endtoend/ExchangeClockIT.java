package dev.tidemark.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.simulator.mailbox.SimulatedMail;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Checks a lost subscription and watermark while Exchange's clock is hours off.
final class ExchangeClockIT {
    private static final String ADA = "ada@example.com";

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"-PT3H", "PT5H"})
    void what_came_meanwhile_is_announced_and_nothing_older(Duration ahead) {
        try (var scene = EndToEndScene.in(folder, ADA)
                .with("compensator", "silence-after", "3s")
                // a machine that stalls renews the subscription before it ends
                .with("compensator", "first-callback", "60s")) {
            // bypasses the wiretap, whose server writes its own date
            scene.with("connection", "url", scene.exchange().url().toString());
            scene.exchange().faults().clockOffset(ahead);
            var hourAgo = Instant.now().plus(ahead).minus(Duration.ofHours(1));
            var old = scene.mailbox(ADA).seed("inbox", SimulatedMail.of("old").receivedAt(hourAgo));
            scene.startSubscribed();
            scene.mailbox(ADA).deliver("by push");
            scene.awaitAllReceived();
            assertThat(scene.admin().clockOffset()).isBetween(ahead.toSeconds() - 60.0, ahead.toSeconds() + 60.0);

            var missed = new ArrayList<String>();
            assertThat(scene.exchange().forgetSubscriptions()).isPositive();
            for (var number = 1; number <= 3; number++) {
                missed.add(scene.mailbox(ADA).deliver("missed " + number).id());
            }
            scene.mailbox(ADA).forgetHistory();

            scene.awaitAllReceived();
            assertThat(scene.webhook().story().items(DeliveryHistory.RECEIVED))
                    .containsAll(missed)
                    .doesNotContain(old.id());
            scene.assertInOrder();
        }
    }
}
