package dev.tidemark.simulator.record;

import java.util.Optional;

/// Call of a recording with pseudonyms.
///
/// @param operation element of the request's body, or `other`
/// @param mailbox impersonated mailbox
/// @param retryAfter header of the response
/// @param request body; empty if it was no XML
/// @param response body; empty if it was no XML
public record RecordedCall(
        String operation,
        Optional<String> mailbox,
        int status,
        Optional<String> retryAfter,
        long milliseconds,
        String request,
        String response) {}
