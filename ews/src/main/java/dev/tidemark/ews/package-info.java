/// Exchange Web Services as Tidemark speaks it: messages as records, one codec, one client.
///
/// Nothing in here knows of Tidemark. Sources of the protocol rules are named where they are used: "docs" is
/// Microsoft's office-developer-exchange-docs, "XSD" the `types.xsd` and `messages.xsd` of Exchange Server
/// SE.
@NullMarked
package dev.tidemark.ews;

import org.jspecify.annotations.NullMarked;
