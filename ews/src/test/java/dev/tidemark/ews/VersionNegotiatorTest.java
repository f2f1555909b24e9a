package dev.tidemark.ews;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.ews.codec.EwsRequestWriter;
import dev.tidemark.ews.message.EwsError;
import dev.tidemark.ews.message.EwsResult;
import dev.tidemark.values.ResponseCode;
import dev.tidemark.values.SubscribeResult;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class VersionNegotiatorTest {
    private final VersionNegotiator ladder = new VersionNegotiator("onprem", new EwsRequestWriter("Exchange2013_SP1"));

    @ParameterizedTest
    @CsvSource({
        "V2017_07_11, Exchange2016",
        "Exchange2016, Exchange2013_SP1",
        "Exchange2015, Exchange2013_SP1",
        "Exchange2013_SP1, Exchange2013",
        "Exchange2013, Exchange2010_SP2",
        "Exchange2010_SP1, Exchange2010"
    })
    void goes_down_step_by_step(String version, String older) {
        assertThat(VersionNegotiator.olderThan(version)).contains(older);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Exchange2010", "Exchange2007_SP1"})
    void ends_where_impersonated_push_ends(String version) {
        assertThat(VersionNegotiator.olderThan(version)).isEmpty();
    }

    @Test
    void an_unknown_version_is_tried_again_at_once_in_an_older_one() {
        var answer = ladder.classify(ladder.writer(), refusal("ErrorInvalidServerVersion"));
        assertThat(answer)
                .isEqualTo(new EwsResult.Refused<>(new EwsError.RetryAfter(
                        new ResponseCode("ErrorInvalidServerVersion"), "No.", Optional.of(Duration.ZERO))));
        assertThat(ladder.writer().serverVersion()).isEqualTo("Exchange2013");
    }

    @Test
    void requests_that_were_under_way_together_lower_it_once() {
        var sent = ladder.writer();
        ladder.classify(sent, refusal("ErrorIncorrectSchemaVersion"));
        assertThat(ladder.classify(sent, refusal("ErrorIncorrectSchemaVersion")))
                .isInstanceOfSatisfying(
                        EwsResult.Refused.class,
                        refused -> assertThat(refused.error()).isInstanceOf(EwsError.RetryAfter.class));
        assertThat(ladder.writer().serverVersion()).isEqualTo("Exchange2013");
    }

    @Test
    void the_last_step_stays_refused() {
        for (var i = 0; i < 4; i++) {
            ladder.classify(ladder.writer(), refusal("ErrorInvalidServerVersion"));
        }
        var refusal = refusal("ErrorInvalidServerVersion");
        assertThat(ladder.classify(ladder.writer(), refusal)).isSameAs(refusal);
        assertThat(ladder.writer().serverVersion()).isEqualTo("Exchange2010");
    }

    @Test
    void other_refusals_are_left_as_they_are() {
        var refusal = refusal("ErrorSchemaValidation");
        assertThat(ladder.classify(ladder.writer(), refusal)).isSameAs(refusal);
        assertThat(ladder.writer().serverVersion()).isEqualTo("Exchange2013_SP1");
    }

    private static EwsResult<SubscribeResult> refusal(String code) {
        return new EwsResult.Refused<>(new EwsError.PermanentForConnection(new ResponseCode(code), "No."));
    }
}
