package dev.tidemark.endtoend;

import dev.tidemark.simulator.LoggedRequest;
import dev.tidemark.simulator.mailbox.SimulatorLedger;
import dev.tidemark.values.MailboxAddress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Explains lost items by their own fate and by all that happened to their mailboxes.
final class LossEvidence {
    private final EndToEndScene scene;
    private final RandomLife life;
    private final RandomBlows blows;

    LossEvidence(EndToEndScene scene, RandomLife life, RandomBlows blows) {
        this.scene = scene;
        this.life = life;
        this.blows = blows;
    }

    /// Tells if Exchange announced an item, and which of its events were delivered.
    String fate(String item) {
        var announced = scene.exchange().ledger().acknowledged().stream()
                .filter(entry ->
                        entry.items().stream().anyMatch(each -> each.id().equals(item)))
                .map(entry -> "acknowledged at " + entry.at() + " for "
                        + entry.subscription().value())
                .findFirst()
                .orElse("in no acknowledged callback");
        var told = scene.webhook().story().events().stream()
                .filter(event -> event.item().equals(Optional.of(item)))
                .map(ReceivedRequest::type)
                .toList();
        return "mail of " + life.origin(item) + ", " + announced + ", delivered " + told + ", " + item;
    }

    /// Writes a file beside the daemon's log and returns it. Both are kept if the test fails.
    Path write(Path folder, Collection<String> items) {
        var mailboxes = items.stream().map(life::mailbox).distinct().toList();
        var lines = new ArrayList<>(items.stream().map(this::fate).toList());
        lines.addAll(section("faults", blows.diary().stream()));
        for (var address : mailboxes) {
            lines.addAll(section(
                    "state of " + address,
                    Stream.of(scene.admin().mailbox(address).toPrettyString())));
            lines.addAll(section("requests for " + address, requests(address)));
            lines.addAll(section("acknowledged for " + address, acknowledged(address)));
            lines.addAll(section("delivered of " + address, delivered(address)));
        }
        try {
            return Files.write(folder.resolve("evidence.txt"), lines);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> section(String title, Stream<String> lines) {
        return Stream.concat(Stream.of("", "== " + title), lines).toList();
    }

    private Stream<String> requests(String address) {
        var mailbox = Optional.of(new MailboxAddress(address));
        return scene.exchange().requests().stream()
                .filter(asked -> asked.mailbox().equals(mailbox))
                .map(LossEvidence::line);
    }

    private static String line(LoggedRequest asked) {
        return asked.at() + " " + asked.operation() + " from " + asked.from().orElse("nothing");
    }

    private Stream<String> acknowledged(String address) {
        var mailbox = new MailboxAddress(address);
        return scene.exchange().ledger().acknowledged().stream()
                .filter(entry -> entry.mailbox().equals(mailbox))
                .map(LossEvidence::line);
    }

    private static String line(SimulatorLedger.Acknowledged entry) {
        var items = entry.items().stream().map(item -> item.id()).toList();
        return entry.at() + " " + entry.subscription().value() + " "
                + entry.previous().value() + " -> " + entry.last().value() + " " + items;
    }

    private Stream<String> delivered(String address) {
        return scene.webhook().story().events().stream()
                .filter(event -> event.subject().equals(address))
                .map(event -> event.event().toString());
    }
}
