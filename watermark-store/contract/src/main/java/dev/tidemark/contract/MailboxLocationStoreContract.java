package dev.tidemark.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.store.MailboxLocationStore.MailboxLocation;
import dev.tidemark.store.model.MailboxId;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Promises of [MailboxLocationStore].
public abstract class MailboxLocationStoreContract extends PortContract {
    private static final MailboxId ADA = new MailboxId("mbx_" + "a".repeat(16));
    private static final MailboxId BOB = new MailboxId("mbx_" + "b".repeat(16));

    private MailboxLocation at(String host, Optional<String> grouping) {
        return new MailboxLocation(URI.create("https://" + host + "/EWS/Exchange.asmx"), grouping, time());
    }

    @Test
    void a_place_is_absent_until_it_is_put() {
        assertThat(store.locations().find(ADA)).isEmpty();
        var location = at("ex01.example.com", Optional.of("group-1"));
        store.locations().put(Map.of(ADA, location));
        assertThat(store.locations().find(ADA)).contains(location);
        assertThat(store.locations().find(BOB)).isEmpty();
    }

    @Test
    void many_locations_are_saved_at_once_and_survive_a_power_cut() {
        var first = at("ex01.example.com", Optional.of("group-1"));
        var second = at("ex02.example.com", Optional.empty());
        store.locations().put(Map.of(ADA, first, BOB, second));
        reopenAfterPowerCut();
        assertThat(store.locations().find(ADA)).contains(first);
        assertThat(store.locations().find(BOB)).contains(second);
    }

    @Test
    void a_newer_place_replaces_the_older_one() {
        store.locations().put(Map.of(ADA, at("ex01.example.com", Optional.of("group-1"))));
        clock.advance(Duration.ofDays(1));
        var newer = at("ex02.example.com", Optional.empty());
        store.locations().put(Map.of(ADA, newer));
        assertThat(store.locations().find(ADA)).contains(newer);
        reopenAfterPowerCut();
        assertThat(store.locations().find(ADA)).contains(newer);
    }
}
