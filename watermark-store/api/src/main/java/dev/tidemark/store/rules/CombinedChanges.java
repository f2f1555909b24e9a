package dev.tidemark.store.rules;

import dev.tidemark.store.change.Change;
import dev.tidemark.store.model.MailboxId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Combines changes of single mailboxes that wait for the write lock of [CommittedState] into one unit, because a
/// commit takes much longer than a rule. Guarantees that each rule has its own result or failure. Guarded by the write
/// lock, except for [#add].
final class CombinedChanges {
    private static final Logger LOG = LoggerFactory.getLogger(CombinedChanges.class);
    /// Number of rules in one unit, small enough not to delay waiting callbacks.
    private static final int MAX_RULES = 128;

    /// in the order in which their threads requested the write lock
    private final Queue<WaitingRule<?>> waiting = new ConcurrentLinkedQueue<>();

    /// Rule of a thread that waits for the write lock.
    static final class WaitingRule<T> {
        private final MailboxId mailbox;
        private final Function<StoreChangeSet, T> rule;
        private Optional<T> judgment = Optional.empty();
        private Optional<RuntimeException> failure = Optional.empty();
        private boolean isDone;

        private WaitingRule(MailboxId mailbox, Function<StoreChangeSet, T> rule) {
            this.mailbox = mailbox;
            this.rule = rule;
        }

        private void apply(StoreChangeSet changeSet) {
            judgment = Optional.of(rule.apply(changeSet));
        }

        private void runAlone(CommittedState state) {
            try {
                judgment = Optional.of(state.change(rule));
                isDone = true;
            } catch (RuntimeException e) {
                fail(e);
            }
        }

        private void fail(RuntimeException cause) {
            failure = Optional.of(cause);
            isDone = true;
        }

        private T result() {
            failure.ifPresent(cause -> {
                throw cause;
            });
            return judgment.orElseThrow();
        }
    }

    /// Adds a rule. Its thread must then acquire the write lock and call [#complete].
    <T> WaitingRule<T> add(MailboxId mailbox, Function<StoreChangeSet, T> rule) {
        var own = new WaitingRule<>(mailbox, rule);
        waiting.add(own);
        return own;
    }

    /// Returns the result of a rule, or throws its failure. Runs it with others unless another thread already did.
    <T> T complete(WaitingRule<T> own, CommittedState state) {
        try {
            if (!own.isDone) {
                run(pollWith(own), state);
            }
            return own.result();
        } finally {
            own.isDone = true;
        }
    }

    /// Removes waiting rules of different mailboxes, in order, and returns them after `own`.
    private List<WaitingRule<?>> pollWith(WaitingRule<?> own) {
        var together = new ArrayList<WaitingRule<?>>(List.of(own));
        var ids = new HashSet<>(Set.of(own.mailbox));
        for (var next = waiting.peek(); next != null && together.size() < MAX_RULES; next = waiting.peek()) {
            if (!next.isDone && next != own) {
                if (!ids.add(next.mailbox)) {
                    break;
                }
                together.add(next);
            }
            waiting.remove();
        }
        return together;
    }

    /// Runs rules in one unit. If one of them fails, runs the first alone; the threads of the others run theirs.
    private static void run(List<WaitingRule<?>> rules, CommittedState state) {
        if (rules.size() == 1 || !runAsOne(rules, state)) {
            rules.getFirst().runAlone(state);
        }
    }

    /// Runs rules in one unit. Returns false without any change if one of them fails.
    private static boolean runAsOne(List<WaitingRule<?>> rules, CommittedState state) {
        try {
            var changeSet = state.beginUnit();
            var changes = judgeAll(rules, changeSet, state);
            changes.ifPresent(found -> state.complete(Optional.empty(), changeSet, found));
            if (changes.isPresent()) {
                rules.forEach(rule -> rule.isDone = true);
            }
            return changes.isPresent();
        } catch (RuntimeException e) {
            rules.forEach(rule -> rule.fail(e));
            return true;
        }
    }

    private static Optional<List<Change>> judgeAll(
            List<WaitingRule<?>> rules, StoreChangeSet changeSet, CommittedState state) {
        try {
            return Optional.of(state.judge(
                            all -> {
                                rules.forEach(rule -> rule.apply(all));
                                return all;
                            },
                            changeSet)
                    .changes());
        } catch (RuntimeException | Error e) {
            LOG.debug("One of {} changes failed; making each in a separate unit", rules.size(), e);
            return Optional.empty();
        }
    }
}
