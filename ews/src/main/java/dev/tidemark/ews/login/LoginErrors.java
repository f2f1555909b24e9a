package dev.tidemark.ews.login;

import dev.tidemark.ews.message.EwsError;
import dev.tidemark.values.ResponseCode;
import java.util.Optional;

/// What a login that failed means, in words for whoever configured it.
final class LoginErrors {
    static final ResponseCode REFUSED = new ResponseCode("Http401");
    private static final ResponseCode FAILED = new ResponseCode("ConnectionLogin");

    private LoginErrors() {}

    /// The credentials went all the way, and yet.
    static EwsError afterHandshake(String scheme, String secrets) {
        return new EwsError.PermanentForConnection(
                REFUSED,
                "The server refuses the account after a complete " + scheme + " handshake; correct the " + secrets
                        + " in the connection's auth, and if they are right, look for Extended Protection on the server"
                        + " together with a proxy that terminates TLS on the way.");
    }

    /// The server offers other schemes only, or none.
    static EwsError notOffered(String scheme, String offered) {
        return new EwsError.PermanentForConnection(
                REFUSED,
                "The server does not offer " + scheme + " (it offers " + (offered.isEmpty() ? "nothing" : offered)
                        + "); choose another type in the connection's auth, or allow this one on the server's EWS"
                        + " directory.");
    }

    /// The server said something that the scheme does not know, which another server of the farm may not.
    static EwsError unreadable(String scheme, Exception why) {
        return new EwsError.RetryAfter(
                FAILED,
                "The server's part of the " + scheme + " handshake is wrong: " + why.getMessage() + ".",
                Optional.empty());
    }

    /// The connection ended between two steps.
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

    static EwsError passing(String text) {
        return new EwsError.RetryAfter(FAILED, text, Optional.empty());
    }
}
