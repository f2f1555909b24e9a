package dev.tidemark.compensator;

import java.time.Duration;
import java.util.Optional;

/// Evidence about the mailboxes that one server calls for, after all of them fell silent. [CohortMonitor]
/// creates it and applies its decision.
///
/// @param silence time since the last callback for one of them
/// @param pace average interval between their callbacks
/// @param turns number of callbacks seen, at least those in the average
/// @param mailboxes number of mailboxes that are subscribed and have called back before
/// @param falseAlarms number of recent suspicions after which they called back after all
/// @param trialCount number of mailboxes that were resubscribed because of this silence
/// @param trial state of the latest trial
/// @param restCalledBack true if one of the untried mailboxes called back after all
/// @param evidence signs of lost subscriptions
record CohortAssessment(
        Duration silence,
        Duration pace,
        long turns,
        int mailboxes,
        int falseAlarms,
        int trialCount,
        Optional<Trial> trial,
        boolean restCalledBack,
        Evidence evidence) {
    /// Shortest silence that can mean anything; servers pause briefly, too.
    static final Duration MIN_SILENCE = Duration.ofSeconds(60);

    /// Smallest number of callbacks that defines a pace.
    private static final int MIN_TURNS = 8;

    private static final int PACE_FACTOR = 4;

    /// Number of missing callbacks from which their absence is evidence.
    private static final int MIN_MISSED_CALLBACKS = 12;

    /// Time after a trial in which the untried mailboxes may still call back.
    static final Duration MAX_WAIT = Duration.ofSeconds(20);

    private static final int MAX_TRIALS = 3;

    /// One mailbox that was resubscribed: time since its subscription, and whether it has called back since.
    record Trial(Optional<Duration> subscribedFor, boolean calledBack) {}

    /// Signs that the server lost its subscriptions.
    ///
    /// @param missed an event from before the trial came only through the new subscription
    /// @param overdue the heartbeat of an untried mailbox is overdue
    /// @param othersCalledBack another server called back meanwhile, so callbacks can reach the listener
    /// @param othersContinue the other servers call as often as before this silence
    record Evidence(boolean missed, boolean overdue, boolean othersCalledBack, boolean othersContinue) {}

    /// Returns the assessment of a silence that is not examined yet. [CohortMonitor] counts the mailboxes
    /// later.
    static CohortAssessment unexamined(Duration silence, Duration pace, long turns, int falseAlarms) {
        var nothing = new Evidence(false, false, false, false);
        return new CohortAssessment(silence, pace, turns, 2, falseAlarms, 0, Optional.empty(), false, nothing);
    }

    /// Decision about the mailboxes.
    enum Decision {
        /// No conclusion: [SilencePolicy] decides for each mailbox.
        WAIT,
        /// Resubscribe one mailbox and observe the result.
        TRY,
        /// The mailboxes were only quiet.
        DISMISS,
        /// The server lost their subscriptions: compensate all of them.
        COMPENSATE
    }

    /// Returns the decision. Silence alone starts only a trial, because a quiet mailbox must not be
    /// resubscribed. Pure.
    Decision decide() {
        if (restCalledBack) {
            return Decision.DISMISS;
        }
        if (mailboxes < 2 || turns < MIN_TURNS) {
            return Decision.WAIT;
        }
        if (trial.isEmpty()) {
            return silence.compareTo(limit()) < 0 ? Decision.WAIT : Decision.TRY;
        }
        // while Exchange grants nothing, resubscribing the others would fail, too
        return trial.get()
                .subscribedFor()
                .map(since -> evaluateTrial(trial.get(), since))
                .orElse(Decision.WAIT);
    }

    /// Returns the silence that their own pace does not explain. Each false alarm doubles it.
    Duration limit() {
        var unexplained = pace.multipliedBy((long) PACE_FACTOR << falseAlarms);
        return unexplained.compareTo(MIN_SILENCE) < 0 ? MIN_SILENCE : unexplained;
    }

    private Decision evaluateTrial(Trial last, Duration subscribedFor) {
        if (evidence.missed()) {
            return Decision.COMPENSATE;
        }
        if (subscribedFor.compareTo(MAX_WAIT) < 0) {
            return Decision.WAIT;
        }
        if (evidence.overdue() && (last.calledBack() || evidence.othersCalledBack())) {
            return Decision.COMPENSATE;
        }
        if (evidence.othersContinue() && silence.compareTo(pace.multipliedBy(MIN_MISSED_CALLBACKS)) >= 0) {
            return Decision.COMPENSATE;
        }
        var mayRetry = trialCount < Math.min(MAX_TRIALS, mailboxes - 1)
                && silence.compareTo(limit().multipliedBy(1L << trialCount)) >= 0;
        return mayRetry ? Decision.TRY : Decision.WAIT;
    }
}
