package dev.tidemark.compensator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.store.model.MailboxState;
import dev.tidemark.store.model.PendingCompensation;
import dev.tidemark.store.model.SubscribeReason;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/// Compares the table in docs/compensation.md with the code, over all combinations of its columns.
class TruthTableTest {
    private static final Instant NOW = Instant.parse("2026-11-01T09:00:00Z");
    private static final Instant HOLD = NOW.plusSeconds(30);
    private static final Instant DUE = NOW.plusSeconds(60);
    private static final Instant SILENT = NOW.plusSeconds(90);
    private static final Duration LIFETIME = Duration.ofDays(30);

    private static final Map<String, List<String>> COLUMNS = columns();

    private static Map<String, List<String>> columns() {
        var all = new LinkedHashMap<String, List<String>>();
        all.put("under way", List.of("no", "yes"));
        all.put("state", MailboxState.LABELS);
        all.put("after the last answer", List.of("nothing", "wait", "waited"));
        all.put("owed", List.of("nothing", "later", "now", "now with resync"));
        all.put("subscription", List.of("none", "live"));
        all.put("watermark", List.of("none", "good", "spent"));
        all.put("silent", List.of("no", "yes"));
        all.put("settings", List.of("same", "changed"));
        all.put("resync", List.of("no", "owed"));
        // reason for which a watermark is exhausted, and the distance of a good one
        all.put("how", List.of("age", "failures"));
        return all;
    }

    @Test
    void the_code_decides_as_the_table_says_and_every_row_is_needed() {
        var table = TruthTable.read();
        var reached = new TreeSet<Integer>();
        var all = situations();
        for (var situation : all) {
            var row = table.find(situation);
            assertThat(row).as("a row for " + situation).isPresent();
            reached.add(row.get().number());
            assertThat(decision(situation))
                    .as(row.get() + " for " + situation)
                    .isEqualTo(row.get().decision());
        }
        assertThat(reached).as("rows that were reached").hasSize(table.rows().size());
        assertThat(all).hasSize(18_432);
    }

    private static List<Map<String, String>> situations() {
        var found = List.<Map<String, String>>of(Map.of());
        for (var column : COLUMNS.entrySet()) {
            var longer = new ArrayList<Map<String, String>>();
            for (var start : found) {
                for (var value : column.getValue()) {
                    var situation = new LinkedHashMap<>(start);
                    situation.put(column.getKey(), value);
                    longer.add(situation);
                }
            }
            found = longer;
        }
        return found;
    }

    private static String decision(Map<String, String> situation) {
        var hold = switch (situation.get("after the last answer")) {
            case "wait" -> Optional.of(HOLD);
            case "waited" -> Optional.of(NOW);
            default -> Optional.<Instant>empty();
        };
        var action = new CompensationDecisionTable(
                        mailbox(situation).build(),
                        NOW,
                        situation.get("silent").equals("yes") ? NOW : SILENT,
                        LIFETIME,
                        situation.get("settings").equals("changed"),
                        situation.get("under way").equals("yes"),
                        hold)
                .decide();
        return words(action);
    }

    private static CompensatedMailboxes.Builder mailbox(Map<String, String> situation) {
        var mailbox = CompensatedMailboxes.active(1, NOW).state(state(situation.get("state")));
        if (situation.get("subscription").equals("none")) {
            mailbox.withoutSubscription();
        }
        var old = situation.get("how").equals("age");
        var spent = situation.get("watermark").equals("spent");
        mailbox.watermarkTakenAt(NOW.minus(LIFETIME).minusSeconds(spent && old ? 1 : 0));
        mailbox.failures(old ? 0 : spent ? 2 : 1);
        if (situation.get("watermark").equals("none")) {
            mailbox.watermark = Optional.empty();
        }
        if (situation.get("resync").equals("owed")) {
            mailbox.resyncSince(NOW);
        }
        switch (situation.get("owed")) {
            case "later" -> mailbox.due(new PendingCompensation(SubscribeReason.GAP, DUE, false, "gap"));
            case "now" -> mailbox.due(new PendingCompensation(SubscribeReason.GAP, NOW, false, "gap"));
            case "now with resync" -> mailbox.due(new PendingCompensation(SubscribeReason.GAP, NOW, true, "gap"));
            default -> {}
        }
        return mailbox;
    }

    private static MailboxState state(String label) {
        return switch (label) {
            case "new" -> new MailboxState.New();
            case "subscribing" -> new MailboxState.Subscribing();
            case "active" -> new MailboxState.Active();
            case "silent" -> new MailboxState.Silent();
            case "resyncing" -> new MailboxState.Resyncing();
            case "degraded" -> new MailboxState.Degraded();
            case "paused" -> new MailboxState.Paused();
            case "failed" -> new MailboxState.Failed("ErrorAccessDenied", "no");
            default -> throw new AssertionError("There is a new state, " + label + "; give it a row.");
        };
    }

    private static String words(CompensationAction action) {
        return switch (action) {
            case CompensationAction.Blocked(var reason) -> "give up: " + reason;
            case CompensationAction.WaitUntil(var until) when until.equals(HOLD) -> "wait: until the pause is over";
            case CompensationAction.WaitUntil(var until) when until.equals(DUE) -> "wait: until it is due";
            case CompensationAction.WaitUntil(var until) when until.equals(SILENT) -> "wait: until it is silent";
            case CompensationAction.WaitUntil(var until) -> "wait: until " + until;
            case CompensationAction.Resubscribe(var reason) -> "re-subscribe: " + word(reason);
            case CompensationAction.ResubscribeAndResync(var reason) -> "subscribe and resync: " + word(reason);
            case CompensationAction.ResumeResync(var reason) -> "resume the resync: " + word(reason);
        };
    }

    /// Returns the word for a reason. Pending compensations in these tests have the reason gap.
    private static String word(SubscribeReason reason) {
        return reason == SubscribeReason.GAP ? "as owed" : reason.name().toLowerCase(Locale.ROOT);
    }
}
