package dev.tidemark.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.values.MailboxAddress;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class ConnectionSidListsTest {
    private static final MailboxAddress ADA = new MailboxAddress("ada@example.com");
    private static final MailboxAddress BOB = new MailboxAddress("bob@example.com");

    private final ConnectionSidLists lists = new ConnectionSidLists();

    @Test
    void a_client_finds_the_mailbox_that_a_later_list_adds() {
        var sids = lists.of("onprem");
        assertThat(sids.find(ADA)).isEmpty();
        lists.use("onprem", Map.of(ADA, "S-1-1"));
        assertThat(sids.find(ADA)).contains("S-1-1");
        assertThat(lists.of("other").find(ADA)).isEmpty();
    }

    @Test
    void a_removed_mailbox_keeps_its_sid_until_the_next_change_of_the_list() {
        lists.use("onprem", Map.of(ADA, "S-1-1", BOB, "S-1-2"));
        lists.use("onprem", Map.of(BOB, "S-1-3"));
        lists.use("onprem", Map.of(BOB, "S-1-3"));
        assertThat(lists.of("onprem").find(ADA)).contains("S-1-1");
        assertThat(lists.of("onprem").find(BOB)).contains("S-1-3");
        lists.use("onprem", Map.of());
        assertThat(lists.of("onprem").find(ADA)).isEmpty();
    }
}
