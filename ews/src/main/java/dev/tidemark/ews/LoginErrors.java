package dev.tidemark.ews;

import dev.tidemark.ews.message.EwsError;
import dev.tidemark.values.ResponseCode;
import java.util.Optional;

/// Builds the errors of failed logins, with the remedy for the operator. Has no state.
final class LoginErrors {
    static final ResponseCode REFUSED = new ResponseCode("Http401");
    private static final ResponseCode FAILED = new ResponseCode("ConnectionLogin");

    private LoginErrors() {}

    /// Returns the error of a refusal after a complete handshake.
    static EwsError afterHandshake(String scheme, String secrets) {
        return new EwsError.PermanentForConnection(
                REFUSED,
                "The server refuses the account after a complete " + scheme + " handshake; correct the " + secrets
                        + " in the connection's auth, and if they are right, look for Extended Protection on the server"
                        + " together with a proxy that terminates TLS on the way.");
    }

    /// Returns the error if the server offers other schemes, or none.
    static EwsError notOffered(String scheme, String offered) {
        return new EwsError.PermanentForConnection(
                REFUSED,
                "The server does not offer " + scheme + " (it offers " + (offered.isEmpty() ? "nothing" : offered)
                        + "); choose another type in the connection's auth, or allow this one on the server's EWS"
                        + " directory.");
    }

    /// Returns the error of an unknown message of the server. Another server of the farm may send a valid one.
    static EwsError unreadable(String scheme, Exception why) {
        return new EwsError.RetryAfter(
                FAILED,
                "The server's part of the " + scheme + " handshake is wrong: " + why.getMessage() + ".",
                Optional.empty());
    }

    /// Returns the error of a connection that ended between two steps.
    static EwsError cutOff(String scheme) {
        return new EwsError.RetryAfter(
                FAILED,
                "The server or a proxy ends the connection in the middle of the " + scheme
                        + " handshake, which is for one connection.",
                Optional.empty());
    }

    static EwsError permanent(String text) {
        return new EwsError.PermanentForConnection(FAILED, text);
    }

    static EwsError temporary(String text) {
        return new EwsError.RetryAfter(FAILED, text, Optional.empty());
    }
}
