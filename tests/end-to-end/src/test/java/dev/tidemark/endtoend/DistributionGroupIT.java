package dev.tidemark.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.simulator.SimulatorConfig;
import dev.tidemark.values.MailboxAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/// Enrolls the members of distribution groups.
final class DistributionGroupIT {
    private static final MailboxAddress SALES = new MailboxAddress("sales@example.com");
    private static final MailboxAddress NORTH = new MailboxAddress("north@example.com");
    private static final List<String> MEMBERS =
            IntStream.range(0, 12).mapToObj(i -> "m" + i + "@example.com").toList();

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path folder;

    @Test
    void members_of_nested_groups_come_and_go() {
        try (var scene = EndToEndScene.in(folder, SimulatorConfig.defaults(), MEMBERS)) {
            // each group contains the other one
            scene.exchange().addDistributionGroup(SALES, addresses(Stream.concat(first(6), Stream.of(NORTH.value()))));
            scene.exchange()
                    .addDistributionGroup(
                            NORTH, addresses(Stream.concat(MEMBERS.stream().skip(6), Stream.of(SALES.value()))));
            scene.with("group", "mailboxes", "[ ]")
                    .with("group", "mailboxes-from", "[ { group: sales@example.com, refresh: 1s } ]");
            scene.startSubscribed();
            scene.mailbox(MEMBERS.getLast()).deliver("hello");
            scene.awaitAllReceived();

            // a member leaves, the others stay
            scene.exchange()
                    .addDistributionGroup(NORTH, addresses(MEMBERS.stream().skip(7)));
            EndToEndScene.await("the departure")
                    .untilAsserted(() -> assertThat(scene.admin()
                                    .get("/api/v1/mailboxes/" + MEMBERS.get(6))
                                    .path("state")
                                    .asString())
                            .isEqualTo("removed"));
            assertThat(status(scene, MEMBERS.get(7))).isEqualTo(200);

            // an empty group looks like an accident
            scene.exchange().addDistributionGroup(NORTH, List.of());
            scene.exchange().addDistributionGroup(SALES, List.of());
            EndToEndScene.await("the warning").until(() -> scene.daemonOutput().contains("lost 11 of 11 members"));
            assertThat(status(scene, MEMBERS.getFirst())).isEqualTo(200);
            assertThat(scene.admin().post("/-/reload?force=true")).isEqualTo(200);
            EndToEndScene.await("the departure of all")
                    .untilAsserted(() -> assertThat(
                                    scene.admin().get("/api/v1/mailboxes").path("items"))
                            .isEmpty());
            scene.assertQuietConsoles();
        }
    }

    @Test
    @Tag("soak")
    void ten_thousand_members_are_enrolled_in_one_go() {
        var members = IntStream.range(0, 10_000)
                .mapToObj(i -> "box" + i + "@example.com")
                .toList();
        try (var scene = EndToEndScene.in(folder, SimulatorConfig.defaults(), members)) {
            scene.exchange().addDistributionGroup(SALES, addresses(members.stream()));
            scene.with("group", "mailboxes", "[ ]")
                    .with("connection", "url", scene.exchange().url().toString())
                    .with("connection", "limits", "{ concurrency: 32, requests-per-second: 10000 }")
                    .with("group", "status-frequency", "1440m")
                    .with("group", "mailboxes-from", "[ { group: sales@example.com, refresh: 1h } ]");
            var daemon = scene.start();
            var begin = System.nanoTime();
            new ProvisioningFigures(scene, daemon, begin).awaitAll(members.size());
        }
    }

    @Test
    @Tag("soak")
    void ten_thousand_mailboxes_are_added_by_the_api_in_one_go() throws Exception {
        var members = IntStream.range(0, 12_000)
                .mapToObj(i -> "box" + i + "@example.com")
                .toList();
        try (var scene = EndToEndScene.in(folder, SimulatorConfig.defaults(), members)) {
            scene.with("group", "mailboxes", "[ ]")
                    .with("connection", "url", scene.exchange().url().toString())
                    .with("connection", "limits", "{ concurrency: 32, requests-per-second: 10000 }")
                    .with("group", "status-frequency", "1440m");
            var daemon = scene.start();
            // the first mailboxes are slower, while the JIT compiles the daemon and the simulated Exchange
            var first = new ProvisioningFigures(scene, daemon, System.nanoTime());
            first.addAll(members.subList(0, 2_000));
            first.awaitAll(2_000);
            var figures = new ProvisioningFigures(scene, daemon, System.nanoTime());
            figures.addAll(members.subList(2_000, members.size()));
            figures.awaitAll(members.size());
        }
    }

    private static Stream<String> first(int count) {
        return MEMBERS.stream().limit(count);
    }

    private static List<MailboxAddress> addresses(Stream<String> texts) {
        return texts.map(MailboxAddress::new).toList();
    }

    private static int status(EndToEndScene scene, String address) {
        return scene.admin().request("/api/v1/mailboxes/" + address).statusCode();
    }
}
