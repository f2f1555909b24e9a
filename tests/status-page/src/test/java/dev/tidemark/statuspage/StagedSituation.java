package dev.tidemark.statuspage;

import java.time.Duration;
import java.util.List;

/// Situations in which an operator opens the page, with the sentence that must be readable at once.
enum StagedSituation {
    ALL_WELL("All is well") {
        @Override
        StagedAnswers stage(StagedAnswers base) {
            return base;
        }
    },
    ONE_MAILBOX_FAILED("1 mailbox failed") {
        @Override
        StagedAnswers stage(StagedAnswers base) {
            var error =
                    "ErrorNonExistentMailbox: No mailbox with such guid; remove it from the configuration, or create it";
            return base.mailboxes("failed", 1, error)
                    .problem(
                            "mailboxes",
                            "",
                            "failed",
                            1,
                            null,
                            error,
                            "repair the cause, then run 'tidemark mailboxes resubscribe MAILBOX'; 'tidemark mailboxes show"
                                    + " MAILBOX' shows the time of the next automatic retry");
        }
    },
    SINK_HELD("Sink crm is held") {
        @Override
        StagedAnswers stage(StagedAnswers base) {
            var error = "crm.example.com:443 refuses connections";
            var remedy = "start the receiver, or correct the url of the sink; Tidemark probes it each minute";
            return base.activity(1, 30)
                    .sink(
                            "crm",
                            "state",
                            "held",
                            "backlog",
                            4123,
                            "oldestUndeliveredAt",
                            StagedAnswers.ago(Duration.ofMinutes(12)),
                            "lastError",
                            error,
                            "remedy",
                            remedy)
                    .problem("sinks", "crm", "held", 1, null, error, remedy);
        }
    },
    EXCHANGE_UNREACHABLE("Connection onprem is unavailable") {
        @Override
        StagedAnswers stage(StagedAnswers base) {
            var reason = "no response from mail.example.com:443 for 20 s";
            var remedy = "check the network and the firewall to Exchange; Tidemark continues as soon as it responds";
            return base.activity(0, 0.04)
                    .mailboxes("silent", 1240, "Connection onprem is unavailable: " + reason)
                    .connection(
                            "state",
                            "unavailable",
                            "since",
                            StagedAnswers.ago(Duration.ofMinutes(25)),
                            "backoffUntil",
                            StagedAnswers.NOW.plusSeconds(95).toString(),
                            "reason",
                            reason,
                            "remedy",
                            remedy,
                            "requestsWaiting",
                            1240)
                    .problem("connections", "onprem", "unavailable", 1, Duration.ofMinutes(25), reason, remedy)
                    .problem(
                            "mailboxes",
                            "",
                            "silent",
                            1240,
                            null,
                            "Connection onprem is unavailable: " + reason,
                            "repair the named cause; Tidemark retries automatically, and 'tidemark mailboxes list --state"
                                    + " silent' shows each with its last error");
        }
    },
    ONE_NODE_OF_THREE_GONE("Node c is gone") {
        @Override
        StagedAnswers stage(StagedAnswers base) {
            return base.node("a", List.of("sink:archive", "sink:crm"))
                    .node("b", List.of("sink:search", "timed-work"))
                    .goneNode("c", Duration.ofMinutes(7))
                    .problem(
                            "nodes",
                            "c",
                            "gone",
                            1,
                            Duration.ofMinutes(7),
                            "the node stopped renewing its leases without a clean stop; other nodes continue its work",
                            "start the node, or check its machine and its connection to PostgreSQL; a node that is"
                                    + " removed for good is listed for a day");
        }
    },
    DISK_NEARLY_FULL("The disk is nearly full") {
        @Override
        StagedAnswers stage(StagedAnswers base) {
            return base.problem(
                    "disk",
                    "",
                    "nearly full",
                    1,
                    null,
                    "the store's disk has 640 MiB left, and callbacks get 503 below 512 MiB (store.min-free)",
                    "free space, or move the store to a larger disk; if a sink is behind, repair it, because the store"
                            + " keeps its events");
        }
    },
    CERTIFICATE_EXPIRES("A certificate is expiring") {
        @Override
        StagedAnswers stage(StagedAnswers base) {
            return base.problem(
                    "certificates",
                    "/etc/tidemark/tls/cert.pem",
                    "expiring",
                    1,
                    null,
                    "the certificate expires in 3 days at 2026-11-06T12:00:00Z",
                    "renew the certificate in this file; Tidemark loads it within seconds");
        }
    },
    LONG_BACKLOG("Sink search is behind") {
        @Override
        StagedAnswers stage(StagedAnswers base) {
            return base.activity(1.4, 1900)
                    .sink(
                            "search",
                            "backlog",
                            100_000,
                            "oldestUndeliveredAt",
                            StagedAnswers.ago(Duration.ofMinutes(95)))
                    .problem(
                            "sinks",
                            "search",
                            "behind",
                            1,
                            Duration.ofMinutes(95),
                            "100,000 events wait, because they arrive faster than the receiver accepts them",
                            "let the receiver respond faster, or raise concurrency, batch.max or rate-limit of the sink");
        }
    };

    private final String headline;

    StagedSituation(String headline) {
        this.headline = headline;
    }

    abstract StagedAnswers stage(StagedAnswers base);

    String headline() {
        return headline;
    }

    StagedAnswers answers() {
        return stage(new StagedAnswers());
    }
}
