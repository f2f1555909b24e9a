package dev.tidemark.daemon.check;

import dev.tidemark.daemon.check.CheckPlan.ConnectionPlan;
import dev.tidemark.daemon.check.CheckPlan.GroupPlan;
import dev.tidemark.daemon.check.CheckStep.CheckStage;
import dev.tidemark.ews.EwsClient;
import dev.tidemark.ews.message.EwsCall;
import dev.tidemark.ews.message.EwsError;
import dev.tidemark.ews.message.EwsRequest;
import dev.tidemark.ews.message.EwsResult;
import dev.tidemark.ews.message.FolderRef;
import dev.tidemark.ews.message.FolderResult;
import dev.tidemark.ews.message.NameResolutions;
import dev.tidemark.subscriber.connection.RemediationHints;
import dev.tidemark.values.MailboxAddress;
import dev.tidemark.values.SubscribeResult;
import dev.tidemark.values.SubscriptionId;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// Checks one mailbox: impersonation, folders, and a subscription beside the one that it may have. Not
/// thread-safe; used by the thread of the check.
final class MailboxCheck {
    private static final Duration STATUS_FREQUENCY = Duration.ofMinutes(1);
    private static final String NO_MAILBOX = "ErrorNonExistentMailbox";
    private static final String CHECK_MAILBOX =
            "Check the address in the group, and the rights of the connection's account on this mailbox.";

    private final ConnectionPlan plan;
    private final Optional<OpenedProbes> callbacks;
    private final StepCollector steps;

    MailboxCheck(ConnectionPlan plan, Optional<OpenedProbes> callbacks, StepCollector steps) {
        this.plan = plan;
        this.callbacks = callbacks;
        this.steps = steps;
    }

    /// Returns whether the account can read the group's folders of the mailbox.
    ///
    /// @param others mailboxes on whose behalf the directory can be asked about an address without a mailbox
    boolean impersonate(EwsClient client, GroupPlan group, MailboxAddress mailbox, List<MailboxAddress> others) {
        var folders = group.folders().isEmpty()
                ? List.<FolderRef>of(new FolderRef.Distinguished("msgfolderroot"))
                : group.folders();
        return switch (client.send(mailbox, new EwsRequest.GetFolder(folders))) {
            case EwsResult.Success<List<FolderResult>>(List<FolderResult> found) -> read(mailbox, group, found);
            case EwsResult.Refused<List<FolderResult>>(EwsError error) -> {
                type(client, mailbox, error, others)
                        .ifPresentOrElse(
                                type -> add(mailbox, withoutMailbox(mailbox, type)),
                                () -> failed(CheckStage.IMPERSONATION, mailbox, error));
                yield false;
            }
        };
    }

    /// Returns the kind of an address without a mailbox, from the directory.
    private static Optional<String> type(
            EwsClient client, MailboxAddress mailbox, EwsError error, List<MailboxAddress> others) {
        if (others.isEmpty() || !error.code().value().equals(NO_MAILBOX)) {
            return Optional.empty();
        }
        var request = new EwsCall.ResolveNames(mailbox.value());
        return client.send(others.getFirst(), request)
                        instanceof EwsResult.Success<NameResolutions>(NameResolutions found)
                ? found.typeWithoutMailbox(mailbox.value())
                : Optional.empty();
    }

    private static CheckStep withoutMailbox(MailboxAddress mailbox, String type) {
        return CheckStep.failed(
                CheckStage.IMPERSONATION,
                mailbox + " is " + type + ", which has no mailbox to subscribe.",
                "Name the mailboxes that are meant in place of this address.");
    }

    private boolean read(MailboxAddress mailbox, GroupPlan group, List<FolderResult> results) {
        var refused = results.stream()
                .filter(FolderResult.Refused.class::isInstance)
                .map(FolderResult.Refused.class::cast)
                .findFirst();
        if (refused.isPresent()) {
            add(
                    mailbox,
                    CheckStep.failed(
                            CheckStage.IMPERSONATION,
                            refused.get().code() + ": " + refused.get().text(),
                            "Correct the folders of group " + group.name() + ": this mailbox lacks some of them."));
            return false;
        }
        var how =
                plan.settings().client().impersonation() ? "The account may impersonate it" : "It is the account's own";
        add(mailbox, CheckStep.passed(CheckStage.IMPERSONATION, how + ", and its folders can be read."));
        return true;
    }

    /// Subscribes a mailbox. Adds a step only if `isReported` or if Exchange refuses.
    Optional<PendingCallback> subscribe(EwsClient client, GroupPlan group, MailboxAddress mailbox, boolean isReported) {
        var probes = callbacks.orElseThrow();
        var listener = probes.listener();
        var probe = probes.open();
        var url = URI.create(base(listener.port()) + listener.callbackPath(probe.attempt()));
        var request =
                new EwsRequest.SubscribePush(group.folders(), group.events(), Optional.empty(), STATUS_FREQUENCY, url);
        return switch (client.sendOnNewConnection(mailbox, request)) {
            case EwsResult.Success<SubscribeResult>(SubscribeResult granted) -> {
                var server = granted.subscriptionId().host();
                if (isReported) {
                    add(mailbox, CheckStep.passed(CheckStage.SUBSCRIPTION, text(granted.subscriptionId())));
                }
                yield Optional.of(new PendingCallback(plan.name(), mailbox, url, probe, server));
            }
            case EwsResult.Refused<SubscribeResult>(EwsError error) -> {
                probe.close();
                failed(CheckStage.SUBSCRIPTION, mailbox, error);
                yield Optional.empty();
            }
        };
    }

    private String text(SubscriptionId id) {
        return "Exchange granted a subscription"
                + id.host().map(host -> " on server " + host).orElse("") + ".";
    }

    /// Returns the public URL with the listener's port in place of 0, without a slash at the end.
    private String base(int port) {
        var url = plan.publicUrl().toString().replaceAll("/+$", "");
        return plan.publicUrl().getPort() == 0 ? url.replaceFirst(":0(?=/|$)", ":" + port) : url;
    }

    private void failed(CheckStage stage, MailboxAddress mailbox, EwsError error) {
        add(
                mailbox,
                CheckStep.failed(
                        stage,
                        RemediationHints.cause(error),
                        RemediationHints.remedy(error).orElse(CHECK_MAILBOX)));
    }

    private void add(MailboxAddress mailbox, CheckStep step) {
        steps.add(step.ofConnection(plan.name()).ofMailbox(mailbox.value()));
    }
}
