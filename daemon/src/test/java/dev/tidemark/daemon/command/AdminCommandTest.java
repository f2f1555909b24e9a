package dev.tidemark.daemon.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Tests the commands that call the admin API of a whole daemon.
final class AdminCommandTest extends AdminApiFixture {
    @ParameterizedTest
    @CsvSource({
        "2, sinks replay crm --from soon",
        "2, sinks replay crm --type nonsense",
        "1, sinks replay none",
        "1, replays cancel rpl_none",
        "2, dead-letters replay --all --sink none",
        "2, dead-letters list --sink none",
        "2, dead-letters list --limit 0",
        "2, mailboxes list --state bogus",
        "2, mailboxes list --group inboxs",
        "2, mailboxes pause",
        "2, mailboxes pause -",
        "2, mailboxes pause ada@example.com --all",
        "2, mailboxes pause --all --group inboxes",
        "2, mailboxes pause --group=",
        "2, mailboxes pause --group inboxes --reason holidays",
        "2, mailboxes resume --group inboxs",
        "2, mailboxes resubscribe --connection elsewhere",
        "2, mailboxes resync --state bogus",
        "2, events tail --type mailbox.message.received"
    })
    void what_the_command_line_is_refused_is_one_sentence_and_a_code(int code, String line) {
        var err = new StringWriter();
        var commands = TidemarkMain.commandLine(environment());
        commands.setErr(new PrintWriter(err));
        var admin = " --admin " + adminAddress();
        assertThat(commands.execute((line + admin).split(" "))).isEqualTo(code);
        assertThat(err.toString().lines()).singleElement().asString().endsWith(".");
    }

    @Test
    void an_action_on_many_mailboxes_reports_those_that_it_does_not_fit() {
        command("mailboxes", "pause", "ada@example.com");
        assertBulk(
                5, "pause: 1 of 2 selected mailboxes; the state of 1 does not allow it", "pause", "--group", "inboxes");
        assertBulk(1, "pause: 0 of 2 selected mailboxes; the state of 2 does not allow it", "pause", "--all");
        assertThat(command("mailboxes", "list", "--state", "paused")).contains("ada@example.com", "bob@example.com");
        assertBulk(1, "resync: 0 of 2 selected mailboxes", "resync", "--state", "paused");
        assertBulk(0, "resume: 2 of 2 selected mailboxes", "resume", "--state", "paused", "--connection", "onprem");
        assertBulk(0, "resume: 0 of 0 selected mailboxes", "resume", "--state", "paused");
        assertBulk(0, "see how many still wait with: tidemark status", "resubscribe", "--all");
    }

    private void assertBulk(int code, String line, String... words) {
        var out = new StringWriter();
        var all = Stream.concat(Stream.of("mailboxes"), Stream.of(words)).toArray(String[]::new);
        assertThat(execute(out, new StringWriter(), all)).as(out::toString).isEqualTo(code);
        assertThat(out.toString()).contains(line);
    }

    @Test
    void the_status_exits_with_0_though_something_is_not_well() {
        command("sinks", "disable", "crm");
        try {
            assertThat(command("status")).startsWith("not well").contains("sink crm disabled");
        } finally {
            command("sinks", "enable", "crm");
        }
    }

    @Test
    void the_command_line_speaks_to_it() {
        var out = new StringWriter();
        var commands = TidemarkMain.commandLine(environment());
        commands.setOut(new PrintWriter(out));
        var admin = adminAddress().toString();

        assertThat(commands.execute("status", "--admin", admin)).isZero();
        assertThat(commands.execute("mailboxes", "list", "--admin", admin)).isZero();
        assertThat(commands.execute("mailboxes", "show", "ada@example.com", "--admin", admin))
                .isZero();
        assertThat(commands.execute("sinks", "list", "--admin", admin)).isZero();
        assertThat(commands.execute("dead-letters", "list", "--sink", "crm", "--since", "2h", "--admin", admin))
                .isZero();
        assertThat(commands.execute("mailboxes", "resync", "ada@example.com", "--reason", "why not", "--admin", admin))
                .isZero();
        assertThat(out.toString()).contains("instance gw1", "bob@example.com", "sink crm", "next: ", "history:");
        commands.setErr(new PrintWriter(new StringWriter()));
        assertThat(commands.execute("mailboxes", "show", "zoe@example.com", "--admin", admin))
                .isEqualTo(1);
    }
}
