package dev.tidemark.ews.message;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.ews.SharedSamples;
import dev.tidemark.ews.message.EwsError.DropSyncState;
import dev.tidemark.ews.message.EwsError.FolderGone;
import dev.tidemark.ews.message.EwsError.PermanentForConnection;
import dev.tidemark.ews.message.EwsError.PermanentForMailbox;
import dev.tidemark.ews.message.EwsError.Rediscover;
import dev.tidemark.ews.message.EwsError.ResubscribeAndResync;
import dev.tidemark.ews.message.EwsError.ResubscribeFromWatermark;
import dev.tidemark.ews.message.EwsError.RetryAfter;
import dev.tidemark.ews.message.EwsError.RetryNarrower;
import dev.tidemark.values.ResponseCode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ResponseCodeClassifierTest {
    private static final Pattern ENUMERATION = Pattern.compile("<xs:enumeration value=\"(\\w+)\"");

    static Stream<Arguments> table() {
        return Stream.of(
                        rows(
                                RetryAfter.class,
                                "ErrorServerBusy",
                                "ErrorInternalServerError",
                                "ErrorInternalServerTransientError",
                                "ErrorTooManyObjectsOpened",
                                "ErrorInsufficientResources",
                                "ErrorADUnavailable",
                                "ErrorADOperation",
                                "ErrorConnectionFailed",
                                "ErrorServiceUnavailable",
                                "ErrorMailboxStoreUnavailable",
                                "ErrorMailboxFailover",
                                "ErrorMailboxMoveInProgress",
                                "ErrorTimeoutExpired",
                                "ErrorBatchProcessingStopped",
                                "ErrorClientDisconnected",
                                "ErrorProxyRequestProcessingFailed",
                                "ErrorNoRespondingCASInDestinationSite",
                                "ErrorMailboxLogonFailed",
                                "ErrorExceededSubscriptionCount",
                                "ErrorOfAnUnknownKind"),
                        rows(RetryNarrower.class, "ErrorExceededConnectionCount"),
                        rows(
                                ResubscribeAndResync.class,
                                "ErrorInvalidWatermark",
                                "ErrorEventNotFound",
                                "ErrorMissedNotificationEvents"),
                        rows(
                                ResubscribeFromWatermark.class,
                                "ErrorReadEventsFailed",
                                "ErrorSubscriptionNotFound",
                                "ErrorInvalidSubscription",
                                "ErrorExpiredSubscription",
                                "ErrorSubscriptionUnsubscribed",
                                "ErrorSubscriptionUnsubsribed",
                                "ErrorProxiedSubscriptionCallFailure"),
                        rows(
                                Rediscover.class,
                                "ErrorProxyRequestNotAllowed",
                                "ErrorCrossSiteRequest",
                                "ErrorWrongServerVersion",
                                "ErrorWrongServerVersionDelegate",
                                "ErrorNoApplicableProxyCASServersAvailable",
                                "ErrorProxyServiceDiscoveryFailed"),
                        rows(
                                PermanentForConnection.class,
                                "ErrorNoDestinationCASDueToKerberosRequirements",
                                "ErrorNoDestinationCASDueToSSLRequirements",
                                "ErrorNoDestinationCASDueToVersionMismatch",
                                "ErrorInvalidPushSubscriptionUrl",
                                "ErrorSchemaValidation",
                                "ErrorInvalidRequest",
                                "ErrorInvalidServerVersion",
                                "ErrorIncorrectSchemaVersion"),
                        rows(
                                PermanentForMailbox.class,
                                "ErrorSubscriptionDelegateAccessNotSupported",
                                "ErrorSubscriptionAccessDenied",
                                "ErrorImpersonateUserDenied",
                                "ErrorImpersonationDenied",
                                "ErrorImpersonationFailed",
                                "ErrorAccessDenied",
                                "ErrorAccountDisabled",
                                "ErrorNonExistentMailbox",
                                "ErrorSubscriptionsDisabledForGroup",
                                "ErrorInvalidSubscriptionRequest",
                                "ErrorInvalidPullSubscriptionId",
                                "ErrorNonPrimarySmtpAddress"),
                        rows(FolderGone.class, "ErrorFolderNotFound", "ErrorSyncFolderNotFound"),
                        rows(DropSyncState.class, "ErrorInvalidSyncStateData"))
                .flatMap(rows -> rows);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("table")
    void each_code_has_its_reaction(String code, Class<? extends EwsError> reaction) {
        var error = ResponseCodeClassifier.classify(ProtocolError.of(code, "words"));

        assertThat(error).isInstanceOf(reaction);
        assertThat(error.code()).isEqualTo(new ResponseCode(code));
        assertThat(error.text()).isEqualTo("words");
    }

    @Test
    void every_code_of_the_schema_is_in_the_table() throws Exception {
        var schema = Files.readString(SharedSamples.schemas().resolve("messages.xsd"));
        var type = schema.substring(schema.indexOf("name=\"ResponseCodeType\""));
        var codes = ENUMERATION
                .matcher(type.substring(0, type.indexOf("</xs:simpleType>")))
                .results()
                .map(match -> match.group(1))
                .toList();

        assertThat(codes).contains("NoError", "ErrorAccessDenied").containsExactlyInAnyOrderElementsOf(listed());
    }

    /// The codes are listed in a separate file, so the test needs no schema.
    @Test
    void every_listed_code_is_in_the_table() throws Exception {
        var expected = new TreeSet<>(listed());
        expected.remove("NoError");
        // the documentation alone uses this spelling
        expected.add("ErrorSubscriptionUnsubsribed");

        assertThat(ReactionTable.read().keySet()).containsExactlyInAnyOrderElementsOf(expected);
    }

    private static List<String> listed() throws IOException {
        try (var file =
                Objects.requireNonNull(ResponseCodeClassifierTest.class.getResourceAsStream("schema-codes.txt"))) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"ErrorItemCorrupt", "ErrorItemNotFound", "ErrorInvalidIdMalformed", "ErrorVirusDetected"})
    void an_error_of_one_object_leaves_the_others_alone(String code) {
        assertThat(ResponseCodeClassifier.concernsOneObject(code)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"ErrorServerBusy", "ErrorNonPrimarySmtpAddress", "ErrorPasswordExpired"})
    void an_error_of_the_request_concerns_all_objects(String code) {
        assertThat(ResponseCodeClassifier.concernsOneObject(code)).isFalse();
    }

    @Test
    void a_busy_server_says_how_long_to_wait() {
        var wait = Optional.of(Duration.ofSeconds(7));

        assertThat(ResponseCodeClassifier.classify(new ProtocolError("ErrorServerBusy", Optional.empty(), "", wait)))
                .isEqualTo(new RetryAfter(new ResponseCode("ErrorServerBusy"), "", wait));
    }

    @Test
    void an_inner_code_decides_where_the_outer_one_only_wraps_it() {
        assertThat(ResponseCodeClassifier.classify(wrapping("ErrorExceededConnectionCount")))
                .isInstanceOf(RetryNarrower.class);
        assertThat(ResponseCodeClassifier.classify(wrapping("ErrorInvalidWatermark")))
                .isInstanceOf(ResubscribeAndResync.class);
        assertThat(ResponseCodeClassifier.classify(wrapping("ErrorInternalServerError")))
                .isInstanceOf(RetryAfter.class);
    }

    @Test
    void an_inner_code_says_nothing_beside_an_outer_one_that_speaks_for_itself() {
        var problem = new ProtocolError("ErrorAccessDenied", Optional.of("ErrorServerBusy"), "", Optional.empty());

        assertThat(ResponseCodeClassifier.classify(problem)).isInstanceOf(PermanentForMailbox.class);
    }

    private static ProtocolError wrapping(String inner) {
        return new ProtocolError("ErrorInternalServerError", Optional.of(inner), "", Optional.empty());
    }

    private static Stream<Arguments> rows(Class<? extends EwsError> reaction, String... codes) {
        return Stream.of(codes).map(code -> Arguments.of(code, reaction));
    }
}
