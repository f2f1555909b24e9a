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

/// What happens in mailboxes, by chance. What is there for a resync to find must not vanish before the webhook
/// knows it: only items that it knows are changed, moved or deleted. Used by one thread.
final class RandomLife {
    private static final int MOST_FOLDERS = 6;

    private final EndToEndScene scene;
    private final Random chance;
    private final Set<String> received = new LinkedHashSet<>();
    private final Set<String> created = new LinkedHashSet<>();
    private final Map<String, String> origins = new HashMap<>();
    private final Map<String, List<FolderId>> folders = new LinkedHashMap<>();
    private final Map<String, List<ItemId>> movable = new LinkedHashMap<>();
    private final Set<String> known = new HashSet<>();
    private int read;
    private int done;

    RandomLife(EndToEndScene scene, Random chance) {
        this.scene = scene;
        this.chance = chance;
    }

    /// What was there before the daemon, for the snapshot to tell.
    void past(int mails) {
        for (var address : scene.addresses()) {
            for (var i = 0; i < mails; i++) {
                var id = scene.mailbox(address).seed("inbox", SimulatedMail.of("past " + i));
                expect(address, id, true);
            }
        }
    }

    /// One step. An item may have gone with its folder meanwhile; then this step is none.
    void step() {
        var address = any(scene.addresses());
        var mailbox = scene.mailbox(address);
        learn();
        var draw = chance.nextInt(100);
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

    /// One mail more for everybody, by which a gap shows that nobody has seen yet.
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

    /// Whose item it is, and since when.
    String origin(String item) {
        return origins.getOrDefault(item, "nobody");
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
        if (mine.size() < MOST_FOLDERS) {
            mine.add(mailbox.folders().create(chance.nextBoolean() ? "inbox" : "msgfolderroot", "folder " + done));
            return;
        }
        var folder = any(mine);
        switch (chance.nextInt(3)) {
            case 0 -> mailbox.folders().rename(folder, "renamed " + done);
            case 1 -> mailbox.folders().move(folder, chance.nextBoolean() ? "inbox" : "msgfolderroot");
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
            mailbox.markRead(item, chance.nextBoolean());
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
        return mine.isEmpty() || chance.nextBoolean() ? "inbox" : any(mine).id();
    }

    /// Which items the webhook knows by now.
    private void learn() {
        var deliveries = scene.webhook().requests();
        for (var delivery : deliveries.subList(read, deliveries.size())) {
            delivery.item().filter(ignored -> delivery.accepted()).ifPresent(known::add);
        }
        read = deliveries.size();
    }

    private <T> T any(List<T> some) {
        return some.get(chance.nextInt(some.size()));
    }
}
