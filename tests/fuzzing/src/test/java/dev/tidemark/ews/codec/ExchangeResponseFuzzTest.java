package dev.tidemark.ews.codec;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.DictionaryFile;
import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.tidemark.ews.message.EwsCall;
import dev.tidemark.ews.message.EwsOperation;
import dev.tidemark.ews.message.EwsRequest;
import dev.tidemark.ews.message.FolderRef;
import dev.tidemark.ews.message.MalformedMessageException;
import dev.tidemark.ews.message.SkipTally;
import dev.tidemark.values.ChangeKind;
import dev.tidemark.values.ItemId;
import dev.tidemark.values.MailboxAddress;
import dev.tidemark.values.SubscriptionId;
import dev.tidemark.values.Watermark;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Fuzzes the readers of the responses of Exchange and of autodiscover, which count as hostile as callbacks. Each
/// response is read, or refused in a sentence.
final class ExchangeResponseFuzzTest {
    private static final FolderRef INBOX = new FolderRef.Distinguished("inbox");
    private static final Set<ChangeKind> KINDS = Set.of(ChangeKind.NEW_MAIL);
    private static final EwsResponseReader READER = new EwsResponseReader();

    /// One call of each kind. The last byte of an input selects the call.
    private static final List<EwsCall<?>> CALLS = List.of(
            new EwsRequest.SyncFolderItems(INBOX, Optional.empty(), EwsRequest.MAX_CHANGES),
            new EwsRequest.GetItem(List.of(ItemId.of("i1"), ItemId.of("i2"))),
            new EwsRequest.GetFolder(List.of(INBOX)),
            new EwsRequest.SubscribePush(
                    List.of(INBOX), KINDS, Optional.empty(), Duration.ofMinutes(1), URI.create("https://push.example")),
            new EwsRequest.Unsubscribe(new SubscriptionId("s1")),
            new EwsCall.SubscribePull(List.of(INBOX), KINDS, Optional.empty(), Duration.ofMinutes(1)),
            new EwsCall.SubscribeStreaming(List.of(INBOX), KINDS),
            new EwsCall.GetEvents(new SubscriptionId("s1"), new Watermark("w1")),
            new EwsCall.SyncFolderHierarchy(Optional.empty(), Optional.empty()),
            new EwsCall.FindFolder(INBOX, true, 0, 100),
            new EwsCall.ResolveNames("ada"),
            new EwsCall.ExpandGroup(new MailboxAddress("sales@example.com")));

    @DictionaryFile(resourcePath = "/soap.dict")
    @FuzzTest
    void a_response_is_read_or_refused_in_a_sentence(FuzzedDataProvider data) {
        var call = data.pickValue(CALLS);
        var body = data.consumeRemainingAsBytes();
        try {
            var skips = new SkipTally(EwsOperation.of(call).requestName());
            assertThat(READER.read(call, body, skips)).isNotNull();
            assertThat(skips.parts()).isNotNull();
        } catch (MalformedMessageException refused) {
            assertThat(refused.getMessage()).isNotBlank();
        }
    }

    @DictionaryFile(resourcePath = "/soap.dict")
    @FuzzTest
    void a_response_of_autodiscover_is_read_or_refused_in_a_sentence(byte[] body) {
        try {
            var settings = UserSettingsCodec.read(body, new SkipTally(SkipTally.GET_USER_SETTINGS));
            assertThat(settings.users()).doesNotContainNull();
        } catch (MalformedMessageException refused) {
            assertThat(refused.getMessage()).isNotBlank();
        }
    }
}
