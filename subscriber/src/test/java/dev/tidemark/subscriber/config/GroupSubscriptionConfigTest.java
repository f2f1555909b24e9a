package dev.tidemark.subscriber.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.ews.message.FolderRef;
import dev.tidemark.values.ChangeKind;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class GroupSubscriptionConfigTest {
    private static final URI URL = URI.create("https://push.example.com");
    private static final List<FolderRef> FOLDERS =
            List.of(new FolderRef.Distinguished("inbox"), new FolderRef.Distinguished("sentitems"));
    private static final Set<ChangeKind> EVENTS = Set.of(ChangeKind.NEW_MAIL, ChangeKind.CREATED);
    private static final GroupSubscriptionConfig PLAN = plan("inboxes", "onprem", FOLDERS, EVENTS, 10, URL);

    @Test
    void order_and_name_do_not_count_as_settings() {
        var other = plan("renamed", "onprem", FOLDERS.reversed(), EVENTS, 10, URL);
        assertThat(other.fingerprint()).isEqualTo(PLAN.fingerprint());
    }

    @Test
    void whatever_exchange_is_asked_for_counts() {
        assertThat(List.of(
                        plan("inboxes", "cloud", FOLDERS, EVENTS, 10, URL),
                        plan("inboxes", "onprem", FOLDERS.subList(0, 1), EVENTS, 10, URL),
                        plan("inboxes", "onprem", FOLDERS, Set.of(ChangeKind.NEW_MAIL), 10, URL),
                        plan("inboxes", "onprem", FOLDERS, EVENTS, 11, URL),
                        plan("inboxes", "onprem", FOLDERS, EVENTS, 10, URI.create("https://other.example.com"))))
                .extracting(GroupSubscriptionConfig::fingerprint)
                .doesNotContain(PLAN.fingerprint())
                .doesNotHaveDuplicates();
    }

    @Test
    void a_plan_without_folders_is_refused() {
        assertThatThrownBy(() -> plan("inboxes", "onprem", List.of(), EVENTS, 10, URL))
                .hasMessage("Group inboxes names no folder; name one.");
    }

    private static GroupSubscriptionConfig plan(
            String name, String connection, List<FolderRef> folders, Set<ChangeKind> events, int minutes, URI url) {
        return new GroupSubscriptionConfig(name, connection, folders, events, Duration.ofMinutes(minutes), url);
    }
}
