package dev.tidemark.interoperability;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.tidemark.ews.codec.NotificationCodec;
import dev.tidemark.ews.message.MalformedMessageException;
import dev.tidemark.simulator.SimulatedExchange;
import dev.tidemark.simulator.SimulatorConfig;
import dev.tidemark.simulator.mailbox.SimulatedMailbox;
import dev.tidemark.values.MailboxAddress;
import dev.tidemark.values.MailboxEvent.ChangeEvent;
import dev.tidemark.values.NotificationMessage.Notification;
import java.net.URI;
import java.time.Clock;
import java.util.List;
import microsoft.exchange.webservices.data.core.ExchangeService;
import microsoft.exchange.webservices.data.core.PropertySet;
import microsoft.exchange.webservices.data.core.enumeration.misc.ConnectingIdType;
import microsoft.exchange.webservices.data.core.enumeration.misc.ExchangeVersion;
import microsoft.exchange.webservices.data.core.enumeration.notification.EventType;
import microsoft.exchange.webservices.data.core.enumeration.property.MailboxType;
import microsoft.exchange.webservices.data.core.enumeration.property.WellKnownFolderName;
import microsoft.exchange.webservices.data.core.enumeration.service.SyncFolderItemsScope;
import microsoft.exchange.webservices.data.core.enumeration.sync.ChangeType;
import microsoft.exchange.webservices.data.core.exception.service.remote.ServiceResponseException;
import microsoft.exchange.webservices.data.core.service.folder.Folder;
import microsoft.exchange.webservices.data.core.service.item.Item;
import microsoft.exchange.webservices.data.credential.WebCredentials;
import microsoft.exchange.webservices.data.misc.ImpersonatedUserId;
import microsoft.exchange.webservices.data.notification.PushSubscription;
import microsoft.exchange.webservices.data.property.complex.FolderId;
import microsoft.exchange.webservices.data.property.complex.ItemId;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Runs Microsoft's EWS Java API, which shares no code with Tidemark, against the simulated Exchange.
final class EwsJavaApiTest {
    private static final String ADA = "ada@example.com";
    private static final FolderId INBOX = FolderId.getFolderIdFromWellKnownFolderName(WellKnownFolderName.Inbox);

    private final SimulatedExchange exchange = SimulatedExchange.start(SimulatorConfig.defaults(), Clock.systemUTC());
    private final RecordingCallbackServer listener = RecordingCallbackServer.start();
    private final ExchangeService client = new ExchangeService(ExchangeVersion.Exchange2010_SP2);
    private SimulatedMailbox ada;

    @BeforeEach
    void connect() {
        ada = exchange.addMailbox(ADA);
        client.setUrl(exchange.url());
        client.setCredentials(new WebCredentials("svc-push", "secret"));
        client.setImpersonatedUserId(new ImpersonatedUserId(ConnectingIdType.SmtpAddress, ADA));
    }

    @AfterEach
    void close() {
        client.close();
        listener.close();
        exchange.close();
    }

    private PushSubscription subscribe(URI url, String watermark) throws Exception {
        return client.subscribeToPushNotifications(
                List.of(INBOX), url, 5, watermark, EventType.NewMail, EventType.Created, EventType.Deleted);
    }

    @Test
    void its_push_subscription_is_called_back_and_goes_on_from_its_watermark() throws Exception {
        var first = subscribe(listener.url("first"), null);
        assertThat(first.getId()).isNotEmpty();
        var delivered = ada.deliver("Hello");
        await().until(() -> items(listener.bodies("first")).contains(delivered.id()));
        exchange.forgetSubscriptions();
        var missed = ada.deliver("Missed");
        var second = subscribe(listener.url("second"), first.getWaterMark());
        assertThat(second.getId()).isNotEqualTo(first.getId());
        await().until(() -> items(listener.bodies("second")).containsAll(List.of(delivered.id(), missed.id())));
    }

    /// Reads the items of callbacks, as a daemon's listener does.
    private static List<String> items(List<byte[]> bodies) {
        return bodies.stream()
                .flatMap(body -> decoded(body).events().stream())
                .filter(ChangeEvent.class::isInstance)
                .map(event -> ((ChangeEvent) event).target().id())
                .toList();
    }

    private static Notification decoded(byte[] body) {
        try {
            return (Notification)
                    new NotificationCodec().decode(body).messages().getFirst();
        } catch (MalformedMessageException e) {
            throw new AssertionError("The simulator's callback cannot be read.", e);
        }
    }

    @Test
    void a_watermark_that_is_no_longer_good_is_refused_by_name() throws Exception {
        var subscription = subscribe(listener.url("first"), null);
        exchange.moveMailbox(ada.address());
        assertThatThrownBy(() -> subscribe(listener.url("second"), subscription.getWaterMark()))
                .isInstanceOfSatisfying(
                        ServiceResponseException.class,
                        refused -> assertThat(refused.getErrorCode().name()).isEqualTo("ErrorInvalidWatermark"));
    }

    @Test
    void it_synchronises_a_folder_page_by_page_and_learns_of_deletions() throws Exception {
        var kept = ada.deliver("Kept");
        var gone = ada.deliver("Gone");
        var first = client.syncFolderItems(INBOX, PropertySet.IdOnly, null, 1, SyncFolderItemsScope.NormalItems, null);
        assertThat(first.getMoreChangesAvailable()).isTrue();
        var second = client.syncFolderItems(
                INBOX, PropertySet.IdOnly, null, 512, SyncFolderItemsScope.NormalItems, first.getSyncState());
        assertThat(second.getMoreChangesAvailable()).isFalse();
        ada.delete(gone);
        var third = client.syncFolderItems(
                INBOX, PropertySet.IdOnly, null, 512, SyncFolderItemsScope.NormalItems, second.getSyncState());
        assertThat(third.getCount()).isEqualTo(1);
        assertThat(third.getChangeAtIndex(0).getChangeType()).isEqualTo(ChangeType.Delete);
        assertThat(third.getChangeAtIndex(0).getItemId().getUniqueId()).isEqualTo(gone.id());
        assertThat(kept).isNotEqualTo(gone);
    }

    @Test
    void it_asks_the_directory_whose_address_it_is() throws Exception {
        exchange.addDistributionGroup(new MailboxAddress("adagio@example.com"));

        var both = client.resolveName("ada");
        assertThat(both.getCount()).isEqualTo(2);
        var group = client.resolveName("adagio@example.com").nameResolutionCollection(0);
        assertThat(group.getMailbox().getAddress()).isEqualTo("adagio@example.com");
        assertThat(group.getMailbox().getMailboxType()).isEqualTo(MailboxType.PublicGroup);
        assertThat(client.resolveName("absent").getCount()).isZero();
    }

    @Test
    void it_reads_an_item_and_a_folder() throws Exception {
        var item = ada.deliver("Hello");
        var read = Item.bind(client, new ItemId(item.id()));
        assertThat(read.getSubject()).isEqualTo("Hello");
        assertThat(Folder.bind(client, WellKnownFolderName.Inbox).getDisplayName())
                .isEqualTo("Inbox");
    }
}
