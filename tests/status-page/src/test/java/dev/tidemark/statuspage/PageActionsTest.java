package dev.tidemark.statuspage;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// Uses every action of the page against a running daemon. Each test opens its own window and leaves the daemon as it
/// was, so that the order does not matter.
@ExtendWith(BrowserSetting.class)
final class PageActionsTest {
    private static final Path PICTURES = Path.of(System.getProperty("screenshots", "target/screenshots"));

    private final PageSetting setting;
    private final PageVisit visit;

    PageActionsTest(PageSetting setting) {
        this.setting = setting;
        visit = setting.visit(PageView.LIGHT);
    }

    @BeforeEach
    void awaitSubscriptions() {
        setting.awaitState("ada@example.com", "active");
        setting.awaitState("bob@example.com", "active");
        setting.awaitState("absent@example.com", "failed");
    }

    @AfterEach
    void close() {
        visit.close();
    }

    @Test
    void the_token_of_the_address_logs_in_and_does_not_stay_there() {
        visit.open("");

        assertThat(visit.heading()).containsText("Not well");
        assertThat(visit.page().url()).doesNotContain("token");
        assertThat(visit.page().evaluate("localStorage.length")).isEqualTo(0);
        assertThat(visit.page().evaluate("document.cookie")).isEqualTo("");
    }

    @Test
    void a_wrong_token_is_named_and_a_right_one_logs_in() {
        visit.expectingFailedRequests().openWithoutToken();
        var token = visit.page().getByLabel("Token");
        assertThat(token).isFocused();
        token.fill("wrong");
        visit.button("Log in").click();
        assertThat(visit.text("This token is not valid here")).isVisible();

        visit.page().getByLabel("Token").fill(setting.token());
        visit.button("Log in").click();
        assertThat(visit.text("1 mailbox failed")).isVisible();

        visit.button("Log out").click();
        assertThat(visit.heading()).hasText("Log in to Tidemark");
        assertThat(visit.page().evaluate("sessionStorage.length")).isEqualTo(0);
    }

    @Test
    void a_failed_mailbox_leads_from_the_first_screen_to_its_history() {
        visit.open("");
        assertThat(visit.text("1 mailbox failed")).isVisible();
        visit.screenshot(PICTURES.resolve("daemon-mailbox-failed.png"));
        visit.page()
                .locator(".verdict")
                .getByRole(AriaRole.LINK, new Locator.GetByRoleOptions().setName("absent@example.com"))
                .click();

        assertThat(visit.heading()).containsText("absent@example.com");
        assertThat(visit.text("Failed and needs an operator: ErrorNonExistentMailbox"))
                .isVisible();
        visit.button("Resubscribe").click();
        assertThat(visit.text("absent@example.com: resubscribe requested.")).isVisible();
        assertThat(visit.text("resubscribe: failed: ErrorNonExistentMailbox")).isVisible();
    }

    @Test
    void a_mailbox_is_paused_and_resumed_with_a_reason() {
        visit.open("#/mailboxes/ada@example.com");
        assertThat(visit.text("Subscribed for the first time.")).isVisible();
        visit.page().getByLabel("Reason").fill("moves to another server");
        visit.button("Pause").click();
        assertThat(visit.text("Paused by an operator: moves to another server."))
                .isVisible();
        assertThat(visit.page().locator("h1 .pill")).hasText("paused");

        visit.button("Resume").click();
        assertThat(visit.text("Resumed by an operator.")).isVisible();
        assertThat(visit.page().locator("h1 .pill")).hasText("active");

        visit.button("Resync").click();
        assertThat(visit.text("Resync requested by operator")).isVisible();
        assertThat(visit.text(Pattern.compile("Resynchronized: .*"))).isVisible();
    }

    @Test
    void mailboxes_are_searched_filtered_and_sorted() {
        visit.open("#/mailboxes");
        var rows = visit.page().locator("tbody tr");
        assertThat(rows).hasCount(3);
        assertThat(rows.first()).containsText("absent@example.com");

        visit.page().getByLabel("Find").fill("ada");
        assertThat(rows).hasCount(1);
        assertThat(visit.text("Select mailboxes, or empty the search to act on all:"))
                .isVisible();
        visit.page().getByLabel("Find").fill("");
        assertThat(rows).hasCount(3);

        visit.page().getByLabel("State").selectOption("failed");
        assertThat(rows).hasCount(1);
        assertThat(visit.page()).hasURL(Pattern.compile(".*state=failed.*"));
        visit.page().getByLabel("State").selectOption("");
        visit.page().getByLabel("Group").fill("nonsense");
        assertThat(visit.text("the nearest is inboxes")).isVisible();
        visit.expectingFailedRequests();
        visit.page().getByLabel("Group").fill("inboxes");
        assertThat(visit.text("the nearest is inboxes")).hasCount(0);
        assertThat(rows).hasCount(3);

        var address = visit.button("Address");
        address.focus();
        visit.page().keyboard().press("Enter");
        assertThat(rows.nth(1)).containsText("ada@example.com");
        assertThat(visit.page().getByRole(AriaRole.COLUMNHEADER, new Page.GetByRoleOptions().setName("Address")))
                .hasAttribute("aria-sort", "ascending");
    }

    @Test
    void many_mailboxes_are_resubscribed_after_a_question() {
        visit.open("#/mailboxes?state=active");
        assertThat(visit.text("2 mailboxes in state active:")).isVisible();
        visit.button("Resubscribe").click();
        assertThat(visit.text("Resubscribe 2 mailboxes in state active?")).isVisible();
        visit.inDialog("Cancel").click();
        assertThat(visit.page().getByRole(AriaRole.DIALOG)).hasCount(0);
        assertThat(visit.button("Resubscribe")).isFocused();

        visit.button("Resubscribe").click();
        visit.inDialog("Resubscribe 2").click();
        assertThat(visit.text("Resubscribe: 2 of 2 done.")).isVisible();
    }

    @Test
    void selected_mailboxes_are_paused_and_resumed() {
        visit.open("#/mailboxes?sort=address");
        for (var action : new String[] {"Pause", "Resume"}) {
            visit.page().getByLabel("Select bob@example.com").check();
            assertThat(visit.text("1 selected mailbox:")).isVisible();
            visit.button(action).click();
            visit.inDialog(action + " 1").click();
            assertThat(visit.text(action + ": 1 mailbox accepted.")).isVisible();
            assertThat(visit.page().locator("dialog")).hasCount(0);
            assertThat(visit.page().getByLabel("Select bob@example.com")).not().isChecked();
        }
    }

    @Test
    void a_sink_is_tested_disabled_and_enabled() {
        visit.open("#/sinks/crm");
        visit.button("Test crm").click();
        assertThat(visit.text("Sink crm took a signed test event")).isVisible();
        visit.button("Test bad").click();
        assertThat(visit.text("The test of sink bad failed")).isVisible();
        visit.button("Close this message").click();
        visit.text("Last refused request: the receiver responded 400").click();
        assertThat(visit.text("unknown field: partitionkey")).isVisible();

        visit.button("Disable crm").click();
        visit.inDialog("Disable").click();
        assertThat(visit.text("Sink crm is disabled.")).isVisible();
        assertThat(visit.page().locator(".card.marked .pill")).hasText("disabled");
        assertThat(visit.text("An operator disabled it.")).isVisible();
        visit.go("#/");
        assertThat(visit.text("Sink crm is disabled")).isVisible();
        visit.screenshot(PICTURES.resolve("daemon-sink-disabled.png"));

        visit.go("#/sinks/crm");
        visit.button("Enable crm").click();
        assertThat(visit.text("Sink crm is enabled.")).isVisible();
        assertThat(visit.page().locator(".card.marked .pill")).hasText("active");
    }

    @Test
    void a_replay_counts_before_it_sends() {
        visit.open("#/sinks");
        visit.button("Replay to crm").click();
        assertThat(visit.inDialog("Send again")).isDisabled();
        visit.page().getByLabel("Mailbox").fill("ada@example.com");
        visit.inDialog("Count first").click();
        assertThat(visit.text("would be sent")).isVisible();
        visit.inDialog("again").click();
        assertThat(visit.text("sent again to crm.")).isVisible();

        visit.button("Replay to crm").click();
        visit.page().getByLabel("Type").fill("nonsense");
        visit.expectingFailedRequests();
        visit.inDialog("Count first").click();
        assertThat(visit.page().getByRole(AriaRole.DIALOG).getByRole(AriaRole.ALERT))
                .isVisible();
        visit.page().keyboard().press("Escape");
        assertThat(visit.page().getByRole(AriaRole.DIALOG)).hasCount(0);
    }

    @Test
    void a_slow_replay_is_canceled() {
        visit.open("#/sinks");
        visit.button("Replay to crm").click();
        visit.page().getByLabel("Events per second").fill("1");
        visit.inDialog("Count first").click();
        assertThat(visit.text("would be sent")).isVisible();
        visit.inDialog("again").click();
        visit.button("Cancel the replay to crm").click();
        assertThat(visit.text("The replay to crm is canceled.")).isVisible();
    }

    @Test
    void dead_letters_are_filtered_shown_sent_again_and_dropped() {
        var rows = visit.page().locator("tbody tr");
        visit.open("#/dead-letters");
        assertThat(rows.first()).isVisible();
        visit.page().getByLabel("Sink").selectOption("crm");
        assertThat(visit.text("There is no dead letter that matches.")).isVisible();
        visit.page().getByLabel("Sink").selectOption("bad");
        visit.page().getByLabel("Mailbox").fill("bob@example.com");
        visit.page().getByLabel("Type").fill("dev.tidemark.*");
        visit.page().getByLabel("Since").selectOption("24h");
        assertThat(rows.first()).containsText("bob@example.com");
        assertThat(visit.text("Responded 400.")).isVisible();

        rows.first().getByText("Show").click();
        assertThat(visit.text("\"specversion\": \"1.0\"")).isVisible();
        assertThat(visit.text("The receiver responded 400 to the last attempt:"))
                .isVisible();
        assertThat(visit.page().getByLabel("Body of the response")).hasText("unknown field: partitionkey");
        visit.inDialog("Close").click();
        rows.first().getByText("Send again").click();
        assertThat(visit.text("The event is sent again to bad.")).isVisible();
        assertThat(rows.first()).isVisible();
        rows.first().getByText("Drop").click();
        visit.inDialog("Drop").click();
        assertThat(visit.text("The dead letter is dropped.")).isVisible();

        visit.go("#/dead-letters?sink=bad");
        visit.button("Send all again").click();
        visit.inDialog("Send all again").click();
        assertThat(visit.text(Pattern.compile("dead letters? (is|are) sent again\\.")))
                .isVisible();
    }

    @Test
    void live_events_appear_and_can_be_paused() {
        visit.open("#/live?type=dev.tidemark.mailbox.message.received");
        assertThat(visit.text("Connected; the newest event is on top.")).isVisible();
        setting.deliver("ada@example.com", "first");
        assertThat(visit.page().locator("tbody tr").first()).containsText("Message received in Inbox");
        visit.button("Pause").click();
        setting.deliver("ada@example.com", "second");
        visit.button("Continue").click();
        assertThat(visit.page().locator("tbody tr")).hasCount(2);
        visit.page().locator("tbody tr").first().getByText("Show").click();
        assertThat(visit.text("\"type\": \"dev.tidemark.mailbox.message.received\""))
                .isVisible();
        visit.inDialog("Close").click();

        visit.page().getByLabel("Mailbox").fill("bob@example.com");
        assertThat(visit.page().locator("tbody tr")).hasCount(0);
        assertThat(visit.text("Connected; the newest event is on top.")).isVisible();
        setting.deliver("bob@example.com", "third");
        assertThat(visit.page().locator("tbody tr").first()).containsText("bob@example.com");
    }

    /// The page draws arrived events at intervals, and most of these pauses fall between an arrival and its drawing.
    @Test
    void live_events_that_arrive_just_before_a_pause_are_shown() {
        visit.open("#/live?type=dev.tidemark.mailbox.message.received");
        assertThat(visit.text("Connected; the newest event is on top.")).isVisible();
        for (var event = 0; event < 8; event++) {
            setting.deliver("ada@example.com", "event " + event);
            visit.button("Pause").click();
            assertThat(visit.text("Paused; continues where it stopped.")).isVisible();
            visit.button("Continue").click();
        }
        assertThat(visit.page().locator("tbody tr")).hasCount(8);
    }

    @Test
    void a_connection_is_paused_and_resumed() {
        visit.open("#/connections");
        visit.page().getByLabel("Pause for").selectOption("15m");
        visit.button("Pause lab").click();
        visit.inDialog("Pause for 15 minutes").click();
        assertThat(visit.text("Connection lab is paused for 15 minutes.")).isVisible();
        assertThat(visit.page().locator("h2 .pill")).hasText("paused");
        visit.button("Resume lab").click();
        assertThat(visit.text("Connection lab is resumed.")).isVisible();
        assertThat(visit.page().locator("h2 .pill")).hasText("available");
    }

    @Test
    void a_lost_connection_is_named_and_ends() {
        visit.expectingFailedRequests().open("");
        assertThat(visit.text("1 mailbox failed")).isVisible();
        visit.goOffline(true);
        assertThat(visit.text("Tidemark does not respond since")).isVisible();
        assertThat(visit.text("1 mailbox failed")).isVisible();
        visit.goOffline(false);
        assertThat(visit.text("Tidemark does not respond since")).hasCount(0);
    }

    @Test
    void the_keyboard_reaches_the_content_and_the_pages() {
        visit.open("");
        assertThat(visit.text("1 mailbox failed")).isVisible();
        visit.page().keyboard().press("Tab");
        assertThat(visit.button("Skip to the content")).isFocused();
        visit.page().keyboard().press("Enter");
        assertThat(visit.page().locator("#main")).isFocused();
        visit.page()
                .getByRole(
                        AriaRole.LINK,
                        new Page.GetByRoleOptions().setName("Sinks").setExact(true))
                .first()
                .focus();
        visit.page().keyboard().press("Enter");
        assertThat(visit.heading()).hasText("Sinks");
        assertThat(visit.page().locator("#main")).isFocused();
        assertThat(visit.page()).hasTitle(Pattern.compile("\\(\\d+\\) Sinks – Tidemark"));
    }

    @Test
    void the_policy_of_the_page_stops_inline_code() {
        visit.open("");
        assertThat(visit.text("1 mailbox failed")).isVisible();
        assertThat(visit.page().evaluate("""
                        () => { try { document.body.setAttribute('onclick', 'window.ran = true') } catch (blocked) { }
                          document.body.click(); return window.ran === undefined }""")).isEqualTo(true);
        visit.expectBlockedCode();
    }
}
