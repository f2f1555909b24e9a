package dev.tidemark.daemon.admin;

import dev.tidemark.store.lease.LeaseStore.ClusterNode;
import dev.tidemark.values.ReadableText;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Problem of the running daemon, with cause and remedy for an operator.
///
/// @param subject name of a connection, sink or node; empty if the kind suffices
/// @param state state as the admin API names it
/// @param since start of the state; empty if it is unknown
/// @param count affected connections, mailboxes, sinks, nodes or events
public record OperatorProblem(
        Kind kind, String subject, String state, long count, Optional<Instant> since, String reason, String remedy) {
    /// Kinds of problems, worst first.
    enum Kind {
        STORE("store"),
        AUDIT("audit"),
        CONNECTION("connections"),
        CANARY("canary"),
        FAILED_MAILBOXES("mailboxes"),
        SINK("sinks"),
        NODE("nodes"),
        CERTIFICATE("certificates"),
        DISK("disk"),
        CONFIGURATION("configuration"),
        TROUBLED_MAILBOXES("mailboxes"),
        DEAD_LETTERS("dead-letters"),
        CLOCK("clock");

        private final String area;

        Kind(String area) {
            this.area = area;
        }

        static List<String> areas() {
            return Arrays.stream(values()).map(Kind::area).distinct().toList();
        }

        /// Returns the affected area, as named in `checks` of `/health/ready` and in metrics.
        String area() {
            return area;
        }
    }

    /// Splits a sentence of the form "cause; remedy".
    static OperatorProblem of(Kind kind, String subject, String state, String sentence, String otherwise) {
        var end = sentence.lastIndexOf("; ");
        return end < 0
                ? new OperatorProblem(kind, subject, state, 1, Optional.empty(), sentence, otherwise)
                : new OperatorProblem(
                        kind,
                        subject,
                        state,
                        1,
                        Optional.empty(),
                        sentence.substring(0, end),
                        sentence.substring(end + 2));
    }

    /// Returns the problem of a node that disappeared without a clean stop.
    static OperatorProblem ofGone(ClusterNode node) {
        return new OperatorProblem(
                Kind.NODE,
                node.name(),
                "gone",
                1,
                Optional.of(node.lastSeenAt()),
                "the node stopped renewing its leases without a clean stop; other nodes continue its work",
                "start the node, or check its machine and its connection to PostgreSQL; a node that is removed for good"
                        + " is listed for a day");
    }

    /// Returns subject, cause and remedy in one sentence.
    String sentence() {
        var about = subject.isEmpty() ? (count > 1 ? count + " " : "") : subject + " ";
        return about + state + ": " + ReadableText.clause(reason) + "; " + ReadableText.clause(remedy) + ".";
    }

    Map<String, Object> tree() {
        var tree = new LinkedHashMap<String, Object>();
        tree.put("area", kind.area());
        tree.put("subject", subject);
        tree.put("state", state);
        tree.put("count", count);
        tree.put("since", since);
        tree.put("reason", reason);
        tree.put("remedy", remedy);
        return tree;
    }
}
