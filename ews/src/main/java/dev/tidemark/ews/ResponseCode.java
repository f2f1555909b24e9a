package dev.tidemark.ews;

import java.util.Set;

/// What an EWS answer says of itself, as text, because codes appear that no schema lists (docs,
/// responsecode).
public record ResponseCode(String value) {
    /// The code of every answer that is not an error.
    public static final ResponseCode NO_ERROR = new ResponseCode("NoError");

    /// Our own code for an object that was found and cannot be read. Asking again gives the same.
    public static final ResponseCode UNREADABLE = new ResponseCode("ResponseUnreadable");

    /// Our own code for an object that the response says nothing about. Asking for it alone may help.
    public static final ResponseCode MISSING = new ResponseCode("ResponseMissing");

    /// The codes that have a reaction of their own; any other is retried with care.
    public static Set<ResponseCode> known() {
        return Reactions.known();
    }

    public ResponseCode {
        Texts.requireToken(value, "response code");
    }

    @Override
    public String toString() {
        return value;
    }
}
