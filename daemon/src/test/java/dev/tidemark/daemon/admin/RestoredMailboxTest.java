package dev.tidemark.daemon.admin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.store.StoreConfig;
import dev.tidemark.store.embedded.StoreFactory;
import dev.tidemark.store.model.GroupMembership;
import dev.tidemark.store.model.MailboxState;
import dev.tidemark.store.model.PendingCompensation;
import dev.tidemark.store.model.SubscribeReason;
import dev.tidemark.store.rules.RuleStore;
import dev.tidemark.testsupport.SettableClock;
import dev.tidemark.values.MailboxAddress;
import dev.tidemark.values.SubscribeResult;
import dev.tidemark.values.SubscriptionId;
import dev.tidemark.values.Watermark;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RestoredMailboxTest {
    @Test
    void a_mailbox_that_is_subscribed_again_after_a_restore_is_no_problem_until_it_stays_silent(@TempDir Path folder) {
        var url = "jdbc:h2:file:" + folder.resolve("t");
        var config = new StoreConfig(url, "", "", "gw1", true, 0, Duration.ofMinutes(15));
        var clock = new SettableClock();
        try (var store = StoreFactory.open(config, clock)) {
            var ada = store.mailboxes()
                    .enrol(new MailboxAddress("ada@example.com"), new GroupMembership("inboxes", false))
                    .id();
            var result = new SubscribeResult(new SubscriptionId("s1"), Optional.of(new Watermark("w1")));
            var first = store.subscriptions().begin(ada, SubscribeReason.INITIAL, "print", Optional.empty());
            store.subscriptions().confirm(first, result, Optional.empty());
            ((RuleStore) store).restartAfterRestore(100);
            var waiting = store.mailboxes().find(ada).orElseThrow();
            assertThat(waiting.state()).isInstanceOf(MailboxState.Silent.class);
            assertThat(ProblemReport.isTroubled(waiting)).isFalse();
            var again = store.subscriptions().begin(ada, SubscribeReason.OPERATOR, "print", Optional.empty());
            store.subscriptions().confirm(again, result, Optional.empty());
            assertThat(ProblemReport.isTroubled(store.mailboxes().find(ada).orElseThrow()))
                    .isFalse();
            var next = new PendingCompensation(SubscribeReason.SILENCE, clock.instant(), false, "silence");
            store.subscriptions().recordLoss(ada, "no-first-callback", next);
            assertThat(ProblemReport.isTroubled(store.mailboxes().find(ada).orElseThrow()))
                    .isTrue();
        }
    }
}
