package dev.tidemark.model;

import dev.tidemark.ews.WireAnswers;
import dev.tidemark.ews.message.EwsCall;
import dev.tidemark.ews.message.EwsError;
import dev.tidemark.ews.message.EwsRequest.SubscribePush;
import dev.tidemark.ews.message.EwsResult;
import dev.tidemark.values.ResponseCode;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Refusals of the model's Exchange.
final class ModelRefusals {
    /// Response that asks for a wait that is too long to be believed.
    private record Wait(int status, Map<String, String> headers, String body) {
        static Wait http(int status, String retryAfter) {
            return new Wait(status, Map.of("Retry-After", retryAfter), "");
        }
    }

    private static final List<Wait> ABSURD = List.of(
            Wait.http(503, "31536000"),
            Wait.http(503, "9223372036854775807"),
            Wait.http(429, "99999999999999999999999"),
            Wait.http(503, "Fri, 31 Dec 9999 23:59:59 GMT"),
            new Wait(500, Map.of(), WireMarkup.busy("31536000000")),
            new Wait(500, Map.of(), WireMarkup.busy("9223372036854775807")));

    private final SimulatedAgenda agenda;
    private final SeededDice dice;
    private final WireAnswers wire;
    private final Map<ModelMailbox, Instant> busyUntil = new HashMap<>();
    private final Set<ModelMailbox> denied = new HashSet<>();
    private final Set<ModelMailbox> forbidden = new HashSet<>();
    private final Map<ModelMailbox, Instant> lastRefused = new HashMap<>();

    ModelRefusals(SimulatedAgenda agenda, SeededDice dice, WireAnswers wire) {
        this.agenda = agenda;
        this.dice = dice;
        this.wire = wire;
    }

    /// Allows or forbids the account to impersonate the mailbox.
    void deny(ModelMailbox mailbox, boolean deny) {
        set(denied, mailbox, deny);
    }

    /// Lets the front end refuse every request for the mailbox with 403, or none.
    void forbid(ModelMailbox mailbox, boolean forbid) {
        set(forbidden, mailbox, forbid);
    }

    private static void set(Set<ModelMailbox> some, ModelMailbox mailbox, boolean in) {
        if (in) {
            some.add(mailbox);
        } else {
            some.remove(mailbox);
        }
    }

    /// Returns whether a request for the mailbox has been refused since then in a way that only an operator can
    /// repair.
    boolean hasRefused(ModelMailbox mailbox, Instant since) {
        return !lastRefused.getOrDefault(mailbox, Instant.MIN).isBefore(since);
    }

    Optional<EwsError> of(ModelMailbox mailbox, EwsCall<?> call) {
        if (forbidden.contains(mailbox) || denied.contains(mailbox)) {
            lastRefused.put(mailbox, agenda.now());
        }
        if (forbidden.contains(mailbox)) {
            dice.count(TroubleKind.MAILBOX_FORBIDDEN);
            return Optional.of(read(call, new Wait(403, Map.of(), "")));
        }
        if (denied.contains(mailbox)) {
            dice.count(TroubleKind.IMPERSONATION_DENIED);
            return Optional.of(new EwsError.PermanentForMailbox(
                    new ResponseCode("ErrorImpersonateUserDenied"), "The account may not impersonate."));
        }
        return busy(mailbox).or(() -> atRandom(call));
    }

    private Optional<EwsError> busy(ModelMailbox mailbox) {
        var until = busyUntil.getOrDefault(mailbox, Instant.MIN);
        if (agenda.now().isBefore(until)) {
            return Optional.of(retry("ErrorServerBusy", Optional.of(Duration.between(agenda.now(), until))));
        }
        if (dice.strikes(TroubleKind.BUSY, 40)) {
            busyUntil.put(mailbox, agenda.now().plus(dice.upTo(Duration.ofMinutes(5))));
            return Optional.of(retry("ErrorServerBusy", Optional.of(Duration.ofSeconds(30))));
        }
        return Optional.empty();
    }

    private Optional<EwsError> atRandom(EwsCall<?> call) {
        if (dice.strikes(TroubleKind.TRANSIENT_ERROR, 30)) {
            return Optional.of(retry("ErrorInternalServerTransientError", Optional.empty()));
        }
        if (dice.strikes(TroubleKind.ABSURD_WAIT, 20)) {
            return Optional.of(read(call, dice.oneOf(ABSURD)));
        }
        if (call instanceof SubscribePush && dice.strikes(TroubleKind.STALE_CONNECTION, 20)) {
            return Optional.of(retry("ConnectionStale", Optional.empty()));
        }
        return dice.strikes(TroubleKind.REQUEST_LOST, 30)
                ? Optional.of(retry("ConnectionTimeout", Optional.empty()))
                : Optional.empty();
    }

    private EwsError read(EwsCall<?> call, Wait wait) {
        return switch (wire.read(call, wait.status(), wait.headers(), wait.body())) {
            case EwsResult.Refused<?>(var error) -> error;
            case EwsResult.Success<?> success -> throw new AssertionError("That is no " + success);
        };
    }

    static EwsError retry(String code, Optional<Duration> backOff) {
        return new EwsError.RetryAfter(new ResponseCode(code), code, backOff);
    }
}
