package dev.tidemark.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.daemon.config.GroupConfigSection;
import dev.tidemark.daemon.config.GroupConfigSection.DistributionGroupSource;
import dev.tidemark.store.StoreConfig;
import dev.tidemark.store.WatermarkStore;
import dev.tidemark.store.embedded.StoreFactory;
import dev.tidemark.store.model.GroupMembership;
import dev.tidemark.store.model.Mailbox;
import dev.tidemark.store.model.MembershipSource;
import dev.tidemark.subscriber.config.SnapshotScope;
import dev.tidemark.subscriber.config.WatchedFolders;
import dev.tidemark.values.ChangeKind;
import dev.tidemark.values.MailboxAddress;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Tests the members of distribution groups with a real store.
final class MemberReconcilerTest {
    private static final MailboxAddress ADA = new MailboxAddress("ada@example.com");
    private static final MailboxAddress BOB = new MailboxAddress("bob@example.com");
    private static final MailboxAddress KING = new MailboxAddress("ada.king@example.com");

    @TempDir
    Path folder;

    private final Map<MailboxAddress, MailboxAddress> renamed = new HashMap<>();
    /// Runs while the reconciler waits for the directory.
    private Runnable meanwhile = () -> {};
    private boolean isCurrent = true;

    @SuppressWarnings("NullAway.Init")
    private WatermarkStore store;

    @BeforeEach
    void open() {
        var config = new StoreConfig(
                "jdbc:h2:file:" + folder.resolve("t"), "", "", "gw1", true, 1 << 20, Duration.ofMinutes(15));
        store = StoreFactory.open(config, Clock.fixed(Instant.parse("2026-11-01T09:00:00Z"), ZoneOffset.UTC));
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void members_are_enrolled_and_leave() throws InterruptedException {
        reconcile(Set.of(ADA, BOB), false);
        assertThat(addresses()).containsExactlyInAnyOrder(ADA, BOB);
        assertThat(store.mailboxes().find(ADA).orElseThrow().membership().source())
                .isEqualTo(MembershipSource.DISTRIBUTION_GROUP);
        reconcile(Set.of(ADA), false);
        assertThat(addresses()).containsExactly(ADA);
    }

    @Test
    void mailboxes_that_others_hold_are_left_alone() throws InterruptedException {
        store.mailboxes().enrol(ADA, new GroupMembership("others", false));
        store.mailboxes().enrol(BOB, new GroupMembership("inboxes", false, MembershipSource.API));
        reconcile(Set.of(ADA), false);
        assertThat(store.mailboxes().find(ADA).orElseThrow().membership().group())
                .isEqualTo("others");
        assertThat(addresses()).containsExactlyInAnyOrder(ADA, BOB);
    }

    @Test
    void the_loss_of_all_or_of_many_members_is_refused_unless_it_is_forced() throws InterruptedException {
        var hundred = IntStream.range(0, 100)
                .mapToObj(i -> new MailboxAddress("m" + i + "@example.com"))
                .collect(Collectors.toSet());
        reconcile(hundred, false);
        reconcile(Set.of(), false);
        assertThat(addresses()).hasSize(100);
        var most = hundred.stream().limit(89).collect(Collectors.toSet());
        reconcile(most, false);
        assertThat(addresses()).hasSize(100);
        reconcile(most, true);
        assertThat(addresses()).hasSize(89);
    }

    @Test
    void a_renamed_member_keeps_its_id() throws InterruptedException {
        reconcile(Set.of(ADA, BOB), false);
        var id = store.mailboxes().find(ADA).orElseThrow().id();
        renamed.put(ADA, KING);
        reconcile(Set.of(KING, BOB), false);
        assertThat(store.mailboxes().find(KING)).map(Mailbox::id).contains(id);
        assertThat(addresses()).containsExactlyInAnyOrder(KING, BOB);
    }

    @Test
    void a_member_whose_new_address_is_no_member_is_removed() throws InterruptedException {
        reconcile(Set.of(ADA, BOB), false);
        renamed.put(ADA, new MailboxAddress("elsewhere@example.com"));
        reconcile(Set.of(KING, BOB), false);
        assertThat(addresses()).containsExactlyInAnyOrder(KING, BOB);
        assertThat(store.mailboxes().find(ADA)).isEmpty();
    }

    @Test
    void a_mailbox_that_the_configuration_names_meanwhile_stays() throws InterruptedException {
        reconcile(Set.of(ADA, BOB), false);
        meanwhile = () -> store.mailboxes().enrol(ADA, new GroupMembership("inboxes", false));
        reconcile(Set.of(KING, BOB), false);
        assertThat(addresses()).containsExactlyInAnyOrder(ADA, KING, BOB);
        assertThat(source(ADA)).isEqualTo(MembershipSource.CONFIGURATION);
    }

    @Test
    void a_member_that_the_configuration_names_meanwhile_is_not_renamed() throws InterruptedException {
        reconcile(Set.of(ADA, BOB), false);
        renamed.put(ADA, KING);
        meanwhile = () -> store.mailboxes().enrol(ADA, new GroupMembership("inboxes", false));
        reconcile(Set.of(KING, BOB), false);
        assertThat(addresses()).containsExactlyInAnyOrder(ADA, KING, BOB);
    }

    @Test
    void a_mailbox_that_an_operator_adds_meanwhile_stays_theirs() throws InterruptedException {
        reconcile(Set.of(ADA, BOB), false);
        meanwhile = () -> store.mailboxes().enrol(KING, new GroupMembership("others", false, MembershipSource.API));
        reconcile(Set.of(KING, BOB), false);
        assertThat(source(KING)).isEqualTo(MembershipSource.API);
    }

    @Test
    void a_group_that_a_reload_removes_meanwhile_gets_no_members() throws InterruptedException {
        reconcile(Set.of(ADA, BOB), false);
        meanwhile = () -> {
            isCurrent = false;
            store.mailboxes().all().forEach(each -> store.mailboxes().removeAll(List.of(each.id())));
        };
        reconcile(Set.of(KING, BOB), false);
        assertThat(addresses()).isEmpty();
    }

    private MembershipSource source(MailboxAddress address) {
        return store.mailboxes().find(address).orElseThrow().membership().source();
    }

    private void reconcile(Set<MailboxAddress> members, boolean force) throws InterruptedException {
        new MemberReconciler(store.mailboxes(), new ReentrantLock(), group -> isCurrent, id -> {})
                .reconcile(group(), members, 1, force, this::currentAddress);
    }

    private Optional<MailboxAddress> currentAddress(MailboxAddress former) {
        meanwhile.run();
        return Optional.ofNullable(renamed.get(former));
    }

    private List<MailboxAddress> addresses() {
        return store.mailboxes().all().stream().map(Mailbox::address).toList();
    }

    private static GroupConfigSection group() {
        var sales = new DistributionGroupSource(new MailboxAddress("sales@example.com"), Duration.ofHours(1));
        return new GroupConfigSection(
                "inboxes",
                "onprem",
                List.of(),
                List.of(sales),
                new WatchedFolders.All(),
                Set.of(ChangeKind.NEW_MAIL),
                Duration.ofMinutes(10),
                new SnapshotScope.None(),
                false,
                false,
                List.of());
    }
}
