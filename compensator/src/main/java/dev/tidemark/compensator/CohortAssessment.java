package dev.tidemark.compensator;

import java.time.Duration;
import java.util.Optional;

/// What is known of the mailboxes that one server calls for, once none of them has been heard of for a while.
///
/// @param silence since one of them was heard of
/// @param pace how far apart their call-backs were, on average
/// @param turns how many call-backs that is the average of, and more
/// @param mailboxes how many of them are subscribed and have called before
/// @param believed how often of late they were suspected and called after all
/// @param tried how many of them have been subscribed anew because of this silence
/// @param trial how the last one of these is doing
/// @param restHeard whether one of the others has called after all
/// @param evidence what speaks against them
record CohortAssessment(
        Duration silence,
        Duration pace,
        long turns,
        int mailboxes,
        int believed,
        int tried,
        Optional<Trial> trial,
        boolean restHeard,
        Evidence evidence) {
    /// Below it nothing is said: servers take a breath, too.
    static final Duration MIN_SILENCE = Duration.ofSeconds(60);

    /// Fewer call-backs say nothing of a pace.
    private static final int MIN_TURNS = 8;

    private static final int PACE_FACTOR = 4;

    /// Call-backs that ought to have come and did not, before their lack is evidence.
    private static final int MIN_MISSED_CALLBACKS = 12;

    /// How long after a trial the rest may still be heard of.
    static final Duration MAX_WAIT = Duration.ofSeconds(20);

    private static final int MAX_TRIALS = 3;

    /// One mailbox that was subscribed anew: since when it is, and whether it has called since.
    record Trial(Optional<Duration> subscribedFor, boolean heard) {}

    /// @param missed something that happened before the trial was told by the new subscription only
    /// @param overdue one of the others owes its heartbeat
    /// @param othersHeard another server has called meanwhile: the way to us is open
    /// @param othersGoOn the other servers call as often as before this silence began
    record Evidence(boolean missed, boolean overdue, boolean othersHeard, boolean othersGoOn) {}

    /// A silence that nobody has looked into yet; whether there are mailboxes enough is seen then.
    static CohortAssessment unexamined(Duration silence, Duration pace, long turns, int believed) {
        var nothing = new Evidence(false, false, false, false);
        return new CohortAssessment(silence, pace, turns, 2, believed, 0, Optional.empty(), false, nothing);
    }

    /// What to do.
    enum Verdict {
        /// Nothing can be said yet, or ever: the silence law decides for each mailbox.
        WAIT,
        /// One of them is subscribed anew, to see what comes of it.
        TRY,
        /// They were only quiet.
        ACQUIT,
        /// The server has lost their subscriptions: all are compensated.
        CONVICT
    }

    /// Silence alone brings a trial and no more: whoever is only quiet must not be subscribed anew. Pure.
    Verdict decide() {
        if (restHeard) {
            return Verdict.ACQUIT;
        }
        if (mailboxes < 2 || turns < MIN_TURNS) {
            return Verdict.WAIT;
        }
        if (trial.isEmpty()) {
            return silence.compareTo(limit()) < 0 ? Verdict.WAIT : Verdict.TRY;
        }
        // as long as Exchange grants nothing, the others could not be helped either
        return trial.get()
                .subscribedFor()
                .map(since -> evaluateTrial(trial.get(), since))
                .orElse(Verdict.WAIT);
    }

    /// The silence that their own pace does not explain; longer for those that were wrongly suspected.
    Duration limit() {
        var unexplained = pace.multipliedBy((long) PACE_FACTOR << believed);
        return unexplained.compareTo(MIN_SILENCE) < 0 ? MIN_SILENCE : unexplained;
    }

    private Verdict evaluateTrial(Trial last, Duration subscribedFor) {
        if (evidence.missed()) {
            return Verdict.CONVICT;
        }
        if (subscribedFor.compareTo(MAX_WAIT) < 0) {
            return Verdict.WAIT;
        }
        if (evidence.overdue() && (last.heard() || evidence.othersHeard())) {
            return Verdict.CONVICT;
        }
        if (evidence.othersGoOn() && silence.compareTo(pace.multipliedBy(MIN_MISSED_CALLBACKS)) >= 0) {
            return Verdict.CONVICT;
        }
        var again = tried < Math.min(MAX_TRIALS, mailboxes - 1)
                && silence.compareTo(limit().multipliedBy(1L << tried)) >= 0;
        return again ? Verdict.TRY : Verdict.WAIT;
    }
}
