package dev.tidemark.daemon.admin;

import dev.tidemark.daemon.config.AddressText;
import dev.tidemark.daemon.config.BadValueException;
import dev.tidemark.daemon.provisioning.MailboxProvisioner;
import dev.tidemark.daemon.provisioning.MailboxProvisioner.ProvisioningResult;
import dev.tidemark.store.model.Mailbox;
import dev.tidemark.values.MailboxAddress;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;

/// Serves `/api/v1/groups/{group}/mailboxes/{address}`: mailboxes beside those that the configuration names.
///
/// @param groups supplier of the names of the configured groups
/// @param render returns the fields of a mailbox
record GroupRoutes(
        MailboxProvisioner provisioner, Supplier<Set<String>> groups, Function<Mailbox, Map<String, Object>> render) {
    private static final String ONE = "/api/v1/groups/{group}/mailboxes/{address}";

    void addTo(AdminRouter router) {
        var change = RouteContract.operate().limitable();
        router.put(ONE, change, request -> reply(request, provisioner::add))
                .delete(ONE, change, request -> reply(request, provisioner::remove));
    }

    private AdminReply reply(AdminRequest request, BiFunction<String, MailboxAddress, ProvisioningResult> change) {
        if (!request.scope().covers(request.variable("group"))) {
            return AdminReply.notFound("no group is called '" + request.variable("group") + "' here");
        }
        try {
            var address = AddressText.read(request.variable("address"));
            return switch (change.apply(request.variable("group"), address)) {
                case ProvisioningResult.Added added -> AdminReply.json(201, render.apply(added.mailbox()));
                case ProvisioningResult.Unchanged unchanged -> AdminReply.of(render.apply(unchanged.mailbox()));
                case ProvisioningResult.Removed ignored -> AdminReply.noContent();
                case ProvisioningResult.Unknown unknown ->
                    AdminReply.notFound(unknown.reason() + nearestGroup(request));
                case ProvisioningResult.Conflict conflict ->
                    AdminReply.problem(409, "held-elsewhere", conflict.reason());
            };
        } catch (BadValueException wrong) {
            return AdminReply.badParameter(wrong.sentence());
        }
    }

    private String nearestGroup(AdminRequest request) {
        var name = request.variable("group");
        var visible = groups.get().stream().filter(request.scope()::covers).toList();
        return visible.contains(name) ? "" : AdminReply.nearest(name, visible);
    }
}
