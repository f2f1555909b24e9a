package dev.tidemark.compensator;

import dev.tidemark.contract.MailboxRegistryContract;
import dev.tidemark.contract.PartialStore;
import dev.tidemark.contract.StoreHome;
import dev.tidemark.store.MailboxRegistry;
import dev.tidemark.store.WatermarkStore;
import dev.tidemark.store.model.Mailbox;
import dev.tidemark.store.model.MailboxId;
import dev.tidemark.store.model.PendingCompensation;
import dev.tidemark.store.model.SubscribeReason;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// Runs the contract suite of mailboxes on [FakeRegistry], for its read methods.
final class FakeRegistryTest extends MailboxRegistryContract {
    private final FakeRegistry mailboxes = new FakeRegistry();
    private final Map<MailboxId, CompensatedMailboxes.Builder> builders = new HashMap<>();

    @Override
    protected StoreHome home(Path folder) {
        return new StoreHome() {
            @Override
            public WatermarkStore open(Clock clock) {
                return new PartialStore() {
                    @Override
                    public MailboxRegistry mailboxes() {
                        return mailboxes;
                    }
                };
            }

            @Override
            public void cut(WatermarkStore store) {
                store.close();
            }
        };
    }

    @Override
    protected Mailbox enrolled(String name) {
        var number = builders.size() + 1;
        var builder = CompensatedMailboxes.active(number, time());
        builders.put(builder.id, builder);
        return mailboxes.put(builder);
    }

    @Override
    protected void schedule(MailboxId mailbox) {
        mailboxes.put(
                builders.get(mailbox).due(new PendingCompensation(SubscribeReason.OPERATOR, time(), false, "asked")));
    }

    @Override
    protected Optional<String> unchangeable() {
        return Optional.of("Tests put mailboxes in the state that they need.");
    }
}
