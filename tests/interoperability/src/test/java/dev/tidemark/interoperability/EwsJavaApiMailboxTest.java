package dev.tidemark.interoperability;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tidemark.simulator.SimulatedExchange;
import dev.tidemark.simulator.SimulatorConfig;
import dev.tidemark.simulator.mailbox.SimulatedMailbox;
import dev.tidemark.testsupport.ExchangeTraffic;
import dev.tidemark.values.MailboxAddress;
import java.net.URI;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Date;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import microsoft.exchange.webservices.data.autodiscover.AutodiscoverService;
import microsoft.exchange.webservices.data.autodiscover.enumeration.UserSettingName;
import microsoft.exchange.webservices.data.core.ExchangeService;
import microsoft.exchange.webservices.data.core.PropertySet;
import microsoft.exchange.webservices.data.core.enumeration.misc.ExchangeVersion;
import microsoft.exchange.webservices.data.core.enumeration.misc.IdFormat;
import microsoft.exchange.webservices.data.core.enumeration.notification.EventType;
import microsoft.exchange.webservices.data.core.enumeration.property.WellKnownFolderName;
import microsoft.exchange.webservices.data.core.enumeration.search.FolderTraversal;
import microsoft.exchange.webservices.data.core.enumeration.search.SortDirection;
import microsoft.exchange.webservices.data.core.enumeration.service.ConflictResolutionMode;
import microsoft.exchange.webservices.data.core.enumeration.service.DeleteMode;
import microsoft.exchange.webservices.data.core.enumeration.service.SendInvitationsMode;
import microsoft.exchange.webservices.data.core.service.folder.Folder;
import microsoft.exchange.webservices.data.core.service.item.Appointment;
import microsoft.exchange.webservices.data.core.service.item.EmailMessage;
import microsoft.exchange.webservices.data.core.service.item.Item;
import microsoft.exchange.webservices.data.core.service.schema.FolderSchema;
import microsoft.exchange.webservices.data.core.service.schema.ItemSchema;
import microsoft.exchange.webservices.data.credential.WebCredentials;
import microsoft.exchange.webservices.data.misc.id.AlternateId;
import microsoft.exchange.webservices.data.notification.StreamingSubscriptionConnection;
import microsoft.exchange.webservices.data.property.complex.FolderId;
import microsoft.exchange.webservices.data.property.complex.ItemId;
import microsoft.exchange.webservices.data.property.complex.MessageBody;
import microsoft.exchange.webservices.data.search.CalendarView;
import microsoft.exchange.webservices.data.search.FolderView;
import microsoft.exchange.webservices.data.search.ItemView;
import microsoft.exchange.webservices.data.search.filter.SearchFilter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Uses a mailbox with Microsoft's EWS Java API as its owner, without impersonation. The client sends its login only
/// after a challenge. The responses are compared with the schema of Exchange.
final class EwsJavaApiMailboxTest {
    private static final String ADA = "ada@example.com";
    private static final String BOB = "bob@example.com";
    private static final FolderId INBOX = FolderId.getFolderIdFromWellKnownFolderName(WellKnownFolderName.Inbox);

    private final ExchangeTraffic traffic = new ExchangeTraffic();
    private final SimulatedExchange exchange = SimulatedExchange.start(
            SimulatorConfig.defaults()
                    .withLogin(ADA, "secret")
                    // a stream of one minute ends after three seconds
                    .withSpeed(20)
                    .withBodies(traffic::add),
            Clock.systemUTC());
    private final SimulatedMailbox bob = exchange.addMailbox(BOB);
    private final SimulatedMailbox ada = exchange.addMailbox(ADA);
    private final ExchangeService client = new ExchangeService(ExchangeVersion.Exchange2010_SP2);

    @BeforeEach
    void connect() {
        client.setUrl(exchange.url());
        client.setCredentials(new WebCredentials(ADA, "secret"));
    }

    @AfterEach
    void close() {
        client.close();
        exchange.close();
        assertThat(traffic.check()).isPositive();
    }

    private EmailMessage message(String subject, String to) throws Exception {
        var message = new EmailMessage(client);
        message.setSubject(subject);
        message.setBody(MessageBody.getMessageBodyFromText("<p>Hi</p>"));
        message.getToRecipients().add(to);
        return message;
    }

    @Test
    void it_sends_and_keeps_mail() throws Exception {
        message("One", BOB).send();
        message("Two", BOB).sendAndSaveCopy();
        var draft = message("Three", BOB);
        draft.save(WellKnownFolderName.Drafts);

        assertThat(bob.items("inbox")).hasSize(2);
        assertThat(ada.items("sentitems")).hasSize(1);
        var read = EmailMessage.bind(client, draft.getId());
        assertThat(read.getIsDraft()).isTrue();
        assertThat(read.getBody().toString()).contains("<p>Hi</p>");
        read.send();
        assertThat(bob.items("inbox")).hasSize(3);
    }

    @Test
    void it_finds_updates_moves_copies_and_deletes_items() throws Exception {
        for (var subject : List.of("Beta", "Alpha", "Gamma")) {
            ada.deliver(subject);
        }
        var view = new ItemView(2);
        view.getOrderBy().add(ItemSchema.Subject, SortDirection.Ascending);
        var found = client.findItems(INBOX, view);
        assertThat(found.getTotalCount()).isEqualTo(3);
        assertThat(found.getItems()).extracting(Item::getSubject).containsExactly("Alpha", "Beta");
        var alpha = (EmailMessage)
                client.findItems(INBOX, new SearchFilter.IsEqualTo(ItemSchema.Subject, "Alpha"), new ItemView(9))
                        .getItems()
                        .getFirst();

        alpha.setSubject("Omega");
        alpha.setIsRead(true);
        alpha.update(ConflictResolutionMode.AutoResolve);
        assertThat(EmailMessage.bind(client, alpha.getId()).getSubject()).isEqualTo("Omega");
        assertThat(EmailMessage.bind(client, alpha.getId()).getIsRead()).isTrue();
        alpha.copy(WellKnownFolderName.Drafts);
        alpha.move(WellKnownFolderName.DeletedItems);
        assertThat(ada.items("drafts")).hasSize(1);
        assertThat(ada.items("deleteditems")).hasSize(1);

        var left = ada.items("inbox");
        Item.bind(client, new ItemId(left.getFirst().id())).delete(DeleteMode.SoftDelete);
        Item.bind(client, new ItemId(left.getLast().id())).delete(DeleteMode.HardDelete);
        assertThat(ada.items("recoverableitemsdeletions")).hasSize(1);
        assertThat(ada.items("inbox")).isEmpty();
    }

    @Test
    void it_changes_the_folder_tree() throws Exception {
        assertThat(Folder.bind(client, WellKnownFolderName.Root).getChildFolderCount())
                .isPositive();
        var folder = new Folder(client);
        folder.setDisplayName("Invoices");
        folder.save(WellKnownFolderName.Inbox);
        var read = Folder.bind(client, folder.getId());
        read.setDisplayName("Bills");
        read.update();
        read.move(WellKnownFolderName.MsgFolderRoot);
        var view = new FolderView(100);
        view.setTraversal(FolderTraversal.Deep);
        var bills = new SearchFilter.IsEqualTo(FolderSchema.DisplayName, "Bills");
        assertThat(client.findFolders(WellKnownFolderName.Root, bills, view).getTotalCount())
                .isEqualTo(1);
        read.empty(DeleteMode.HardDelete, true);
        read.delete(DeleteMode.HardDelete);
        assertThat(client.findFolders(WellKnownFolderName.Root, bills, view).getTotalCount())
                .isZero();
        assertThat(client.syncFolderHierarchy(PropertySet.IdOnly, null).getCount())
                .isGreaterThanOrEqualTo(10);
    }

    @Test
    void its_calendar_view_shows_an_appointment() throws Exception {
        var start = Instant.parse("2026-03-01T09:00:00Z");
        var appointment = new Appointment(client);
        appointment.setSubject("Meet");
        appointment.setStart(Date.from(start));
        appointment.setEnd(Date.from(start.plus(1, ChronoUnit.HOURS)));
        appointment.save(SendInvitationsMode.SendToNone);
        var day =
                new CalendarView(Date.from(start.minus(1, ChronoUnit.DAYS)), Date.from(start.plus(1, ChronoUnit.DAYS)));
        assertThat(client.findAppointments(WellKnownFolderName.Calendar, day).getItems())
                .extracting(Appointment::getSubject)
                .containsExactly("Meet");
    }

    @Test
    void its_pull_subscription_gets_events_until_it_ends() throws Exception {
        var subscription =
                client.subscribeToPullNotifications(List.of(INBOX), 5, null, EventType.NewMail, EventType.Created);
        var item = ada.deliver("Pulled");
        assertThat(subscription.getEvents().getItemEvents())
                .extracting(event -> event.getItemId().getUniqueId())
                .containsOnly(item.id());
        subscription.unsubscribe();
    }

    @Test
    void its_stream_brings_events() throws Exception {
        var subscription = client.subscribeToStreamingNotifications(List.of(INBOX), EventType.NewMail);
        var seen = new CopyOnWriteArrayList<EventType>();
        // never closed: that waits half a minute for threads of its own
        var connection = new StreamingSubscriptionConnection(client, 1);
        connection.addSubscription(subscription);
        connection.addOnNotificationEvent(
                (sender, args) -> args.getEvents().forEach(event -> seen.add(event.getEventType())));
        ada.deliver("Streamed");
        await().until(() -> {
            if (!connection.getIsOpen()) {
                connection.open();
            }
            return seen.contains(EventType.NewMail);
        });
    }

    @Test
    void it_asks_about_ids_groups_time_zones_and_absence() throws Exception {
        var inbox = Folder.bind(client, WellKnownFolderName.Inbox).getId().getUniqueId();
        var converted = client.convertId(new AlternateId(IdFormat.EwsId, inbox, ADA), IdFormat.HexEntryId);
        assertThat(((AlternateId) converted).getUniqueId()).matches("[0-9A-F]+");
        var group = new MailboxAddress("all@example.com");
        exchange.addDistributionGroup(group, List.of(ada.address(), bob.address()));
        assertThat(client.expandGroup(group.value()).getCount()).isEqualTo(2);
        assertThat(client.getServerTimeZones()).isNotEmpty();
        assertThat(client.getUserOofSettings(ADA).getState()).hasToString("Disabled");
    }

    @Test
    void its_autodiscover_finds_the_service() throws Exception {
        client.resolveName(ADA);
        var autodiscover = new AutodiscoverService(ExchangeVersion.Exchange2010_SP2);
        autodiscover.setUrl(URI.create(exchange.autodiscoverUrl().toString()));
        autodiscover.setCredentials(new WebCredentials(ADA, "secret"));
        var settings = autodiscover.getUserSettings(ADA, UserSettingName.ExternalEwsUrl);
        assertThat(settings.getSettings().get(UserSettingName.ExternalEwsUrl))
                .isEqualTo(exchange.url().toString());
    }
}
