package dev.tidemark.endtoend;

import dev.tidemark.simulator.mailbox.SimulatedMail;
import dev.tidemark.simulator.mailbox.SimulatedMailbox;
import dev.tidemark.values.FolderId;
import dev.tidemark.values.ItemId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/// Changes mailboxes at random. Changes only items that the webhook knows, because an unseen item that vanishes
/// cannot be found by a resync. Not thread-safe; used by one thread.
final class RandomLife {
    private static final int MAX_FOLDERS = 6;

    private final EndToEndScene scene;
    private final Random random;
    private final Set<String> received = new LinkedHashSet<>();
    private final Set<String> created = new LinkedHashSet<>();
    private final Map<String, String> origins = new HashMap<>();
    private final Map<String, List<FolderId>> folders = new LinkedHashMap<>();
    private final Map<String, List<ItemId>> movable = new LinkedHashMap<>();
    private final Set<String> known = new HashSet<>();
    private int read;
    private int done;

    RandomLife(EndToEndScene scene, Random random) {
        this.scene = scene;
        this.random = random;
    }

    /// Adds mails from before the daemon's start, for the snapshot.
    void past(int mails) {
        for (var address : scene.addresses()) {
            for (var i = 0; i < mails; i++) {
                var id = scene.mailbox(address).seed("inbox", SimulatedMail.of("past " + i));
                expect(address, id, true);
            }
        }
    }

    /// Performs one step. Does nothing if the item's folder has vanished.
    void step() {
        var address = any(scene.addresses());
        var mailbox = scene.mailbox(address);
        learn();
        var draw = random.nextInt(100);
        if (draw < 55) {
            expect(address, mailbox.deliver(folder(address), SimulatedMail.of("mail " + done)), true);
        } else if (draw < 65) {
            expect(address, mailbox.create("sentitems", SimulatedMail.of("sent " + done)), false);
        } else if (draw < 70) {
            changeFolders(address, mailbox);
        } else {
            changeItem(address, mailbox, draw);
        }
        done++;
    }

    /// Delivers another mail to every mailbox, which reveals unnoticed gaps.
    void lastWord() {
        scene.addresses()
                .forEach(address -> expect(address, scene.mailbox(address).deliver("last word"), true));
    }

    int steps() {
        return done;
    }

    Set<String> received() {
        return Set.copyOf(received);
    }

    Set<String> created() {
        return Set.copyOf(created);
    }

    /// Returns the item's mailbox and its arrival time.
    String origin(String item) {
        return origins.getOrDefault(item, "unknown");
    }

    /// Returns the mailbox of an item.
    String mailbox(String item) {
        return origin(item).split(" ", 2)[0];
    }

    private void expect(String address, ItemId id, boolean isMail) {
        if (isMail) {
            received.add(id.id());
        }
        created.add(id.id());
        origins.put(id.id(), address + " at " + Instant.now());
        movable.computeIfAbsent(address, ignored -> new ArrayList<>()).add(id);
    }

    private void changeFolders(String address, SimulatedMailbox mailbox) {
        var mine = folders.computeIfAbsent(address, ignored -> new ArrayList<>());
        if (mine.size() < MAX_FOLDERS) {
            mine.add(mailbox.folders().create(random.nextBoolean() ? "inbox" : "msgfolderroot", "folder " + done));
            return;
        }
        var folder = any(mine);
        switch (random.nextInt(3)) {
            case 0 -> mailbox.folders().rename(folder, "renamed " + done);
            case 1 -> mailbox.folders().move(folder, random.nextBoolean() ? "inbox" : "msgfolderroot");
            default -> {
                if (mailbox.items(folder.id()).stream().allMatch(item -> known.contains(item.id()))) {
                    mailbox.items(folder.id()).forEach(movable.get(address)::remove);
                    mine.remove(folder);
                    mailbox.folders().delete(folder);
                }
            }
        }
    }

    private void changeItem(String address, SimulatedMailbox mailbox, int draw) {
        var mine = movable.getOrDefault(address, List.of()).stream()
                .filter(item -> known.contains(item.id()))
                .toList();
        if (mine.isEmpty()) {
            return;
        }
        var item = any(mine);
        if (draw < 80) {
            mailbox.modify(item, "changed " + done);
        } else if (draw < 88) {
            mailbox.markRead(item, random.nextBoolean());
        } else if (draw < 94) {
            movable.get(address).remove(item);
            mailbox.delete(item);
        } else if (draw < 97) {
            movable.get(address).remove(item);
            mailbox.move(item, folder(address));
        } else {
            mailbox.copy(item, folder(address));
        }
    }

    private String folder(String address) {
        var mine = folders.getOrDefault(address, List.of());
        return mine.isEmpty() || random.nextBoolean() ? "inbox" : any(mine).id();
    }

    /// Reads the items that the webhook knows. A mail counts only after its receipt is known, because a resync
    /// cannot find the receipt of a deleted mail.
    private void learn() {
        var deliveries = scene.webhook().requests();
        for (var delivery : deliveries.subList(read, deliveries.size())) {
            delivery.item()
                    .filter(item -> delivery.accepted())
                    .filter(item -> delivery.type().equals(DeliveryHistory.RECEIVED) || !received.contains(item))
                    .ifPresent(known::add);
        }
        read = deliveries.size();
    }

    private <T> T any(List<T> some) {
        return some.get(random.nextInt(some.size()));
    }
}
