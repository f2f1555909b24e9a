package dev.tidemark.subscriber.directory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.ews.message.EwsCall;
import dev.tidemark.ews.message.EwsError;
import dev.tidemark.ews.message.EwsResult;
import dev.tidemark.ews.message.NameResolutions;
import dev.tidemark.ews.message.NameResolutions.Candidate;
import dev.tidemark.subscriber.connection.ExchangeGateway;
import dev.tidemark.subscriber.connection.RequestPriority;
import dev.tidemark.subscriber.directory.GroupExpander.GroupExpansion;
import dev.tidemark.values.MailboxAddress;
import dev.tidemark.values.ResponseCode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class GroupExpanderTest {
    private static final MailboxAddress SALES = new MailboxAddress("sales@example.com");
    private static final MailboxAddress NORTH = new MailboxAddress("north@example.com");
    private static final MailboxAddress ADA = new MailboxAddress("ada@example.com");
    private static final MailboxAddress BOB = new MailboxAddress("bob@example.com");
    private static final Candidate A_GROUP = candidate(NORTH.value(), "PublicDL");

    private final FakeDirectory directory = new FakeDirectory();

    @Test
    void nested_groups_are_expanded_once_even_if_they_contain_each_other() throws InterruptedException {
        directory.put(SALES, candidate(ADA.value(), "Mailbox"), A_GROUP, A_GROUP);
        directory.put(NORTH, candidate(BOB.value(), "Mailbox"), candidate(SALES.value(), "PublicDL"));
        assertThat(expand()).isEqualTo(new GroupExpansion.Expanded(Set.of(ADA, BOB), 2));
        assertThat(directory.asked).containsExactly(SALES, NORTH);
    }

    @Test
    void contacts_public_folders_and_other_routes_are_no_members() throws InterruptedException {
        directory.put(
                SALES,
                candidate("partner@example.net", "Contact"),
                candidate("folder@example.com", "PublicFolder"),
                new Candidate(Optional.empty(), "/o=Example/cn=eve", Optional.of("EX"), Optional.of("Mailbox")),
                candidate("no address", "Mailbox"),
                candidate(ADA.value(), "Mailbox"));
        assertThat(expand()).isEqualTo(new GroupExpansion.Expanded(Set.of(ADA), 1));
    }

    @Test
    void a_nested_group_that_is_refused_fails_the_whole() throws InterruptedException {
        directory.put(SALES, candidate(ADA.value(), "Mailbox"), A_GROUP);
        assertThat(expand())
                .isInstanceOfSatisfying(
                        GroupExpansion.Failed.class,
                        failed -> assertThat(failed.reason())
                                .contains("north@example.com", "ErrorNameResolutionNoResults"));
    }

    @Test
    void a_part_of_the_members_is_a_failure() throws InterruptedException {
        directory.members.put(SALES, new NameResolutions(List.of(candidate(ADA.value(), "Mailbox")), false));
        assertThat(expand()).isInstanceOf(GroupExpansion.Failed.class);
    }

    @Test
    void a_back_off_names_the_time_of_the_next_try() throws InterruptedException {
        var until = Instant.parse("2026-11-01T09:00:00Z");
        directory.backOffUntil = Optional.of(until);
        assertThat(expand()).isEqualTo(new GroupExpansion.Failed("busy", Optional.of(until)));
    }

    @Test
    void without_a_mailbox_the_account_asks() throws InterruptedException {
        directory.put(SALES, candidate(ADA.value(), "Mailbox"));
        assertThat(new GroupExpander(directory, Optional.empty()).expand(SALES))
                .isInstanceOf(GroupExpansion.Expanded.class);
        assertThat(directory.asAccount).isEqualTo(1);
        expand();
        assertThat(directory.asAccount).isEqualTo(1);
    }

    @Test
    void too_many_nested_groups_are_a_failure() throws InterruptedException {
        for (var i = 0; i < 600; i++) {
            var group = i == 0 ? SALES : new MailboxAddress("g" + i + "@example.com");
            directory.put(group, candidate("g" + (i + 1) + "@example.com", "PublicDL"));
        }
        assertThat(expand())
                .isInstanceOfSatisfying(
                        GroupExpansion.Failed.class,
                        failed -> assertThat(failed.reason()).contains("more than 500 nested groups"));
    }

    private GroupExpansion expand() throws InterruptedException {
        return new GroupExpander(directory, Optional.of(BOB)).expand(SALES);
    }

    private static Candidate candidate(String address, String type) {
        return new Candidate(Optional.empty(), address, Optional.of("SMTP"), Optional.of(type));
    }

    private static final class FakeDirectory implements ExchangeGateway {
        private final Map<MailboxAddress, NameResolutions> members = new HashMap<>();
        private final List<MailboxAddress> asked = new ArrayList<>();
        private Optional<Instant> backOffUntil = Optional.empty();
        private int asAccount;

        void put(MailboxAddress group, Candidate... candidates) {
            members.put(group, new NameResolutions(Stream.of(candidates).toList(), true));
        }

        @Override
        public <R> SendResult<R> sendAsAccount(RequestPriority priority, MailboxAddress about, EwsCall<R> call) {
            asAccount++;
            return send(priority, about, call);
        }

        @Override
        @SuppressWarnings("unchecked") // the directory gets no other calls
        public <R> SendResult<R> send(RequestPriority priority, MailboxAddress mailbox, EwsCall<R> call) {
            if (backOffUntil.isPresent()) {
                return new SendResult.BackedOff<>(backOffUntil.get(), "busy");
            }
            var group = ((EwsCall.ExpandGroup) (EwsCall<?>) call).group();
            asked.add(group);
            var found = members.get(group);
            return found == null
                    ? new SendResult.Answered<>(new EwsResult.Refused<>(new EwsError.PermanentForMailbox(
                            new ResponseCode("ErrorNameResolutionNoResults"), "No results were found.")))
                    : (SendResult<R>) new SendResult.Answered<>(new EwsResult.Success<>(found));
        }

        @Override
        public Optional<Instant> backoffUntil(MailboxAddress mailbox) {
            return backOffUntil;
        }
    }
}
