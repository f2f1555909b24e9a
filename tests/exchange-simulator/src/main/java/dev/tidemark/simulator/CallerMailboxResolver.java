package dev.tidemark.simulator;

import dev.tidemark.simulator.mailbox.ExchangeIdGenerator;
import dev.tidemark.simulator.soap.ChildElementReader;
import dev.tidemark.simulator.soap.SoapFaultException;
import dev.tidemark.values.InvalidValueException;
import dev.tidemark.values.MailboxAddress;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.w3c.dom.Element;

/// Finds the mailbox of a request: the impersonated one, else the one that the request names, else the owner of
/// an id in it, else the one of the user name, else the first. Thread-safe.
final class CallerMailboxResolver {
    private final SimulatedOrganization organization;
    private final SimulatorConfig config;

    CallerMailboxResolver(SimulatedOrganization organization, SimulatorConfig config) {
        this.organization = organization;
        this.config = config;
    }

    Optional<MailboxAddress> resolve(SoapRequestHeader caller, Optional<String> authorization, Element body) {
        var named = caller.impersonated().or(() -> named(body));
        named.ifPresent(this::create);
        return named.or(() -> owner(body))
                .or(() -> user(authorization))
                .or(() -> organization.inOrder().stream().findFirst());
    }

    /// Creates a mailbox if the configuration lets each name have one.
    boolean create(MailboxAddress address) {
        return config.access().anyMailbox()
                && organization.add(address).address().equals(address);
    }

    static SoapFaultException noMailbox() {
        return new SoapFaultException("ErrorNonExistentMailbox", "The SMTP address has no mailbox associated with it.");
    }

    Optional<MailboxAddress> ownerOf(String sid) {
        return organization.inOrder().stream()
                .filter(address -> SimulatedSid.of(address).equals(sid))
                .findFirst();
    }

    /// Returns the mailbox of a distinguished folder, or the one whose settings are asked for. Recipients of a
    /// mail do not count.
    private static Optional<MailboxAddress> named(Element body) {
        var folders = elements(body, "DistinguishedFolderId").flatMap(folder -> elements(folder, "EmailAddress"));
        var settings = "GetUserOofSettingsRequest".equals(body.getLocalName())
                ? elements(body, "Address")
                : Stream.<Element>empty();
        return Stream.concat(folders, settings)
                .map(ChildElementReader::text)
                .flatMap(text -> address(text).stream())
                .findFirst();
    }

    private Optional<MailboxAddress> owner(Element body) {
        var ids = Stream.of("FolderId", "ItemId", "ParentItemId", "OldItemId", "AlternateId")
                .flatMap(name -> elements(body, name))
                .map(element -> element.getAttribute("Id"));
        var subscriptions = elements(body, "SubscriptionId").map(ChildElementReader::text);
        return Stream.concat(ids, subscriptions)
                .flatMap(id -> ExchangeIdGenerator.owner(id).stream())
                .flatMap(mailbox -> organization.ownerOf(mailbox).stream())
                .findFirst();
    }

    private Optional<MailboxAddress> user(Optional<String> authorization) {
        var name = authorization
                .or(() -> config.login().map(login -> basic(login.username())))
                .filter(text -> text.regionMatches(true, 0, "Basic ", 0, 6))
                .flatMap(text -> decoded(text.substring(6).strip()))
                .map(pair -> pair.replaceFirst(":.*", "").replaceFirst("^.*\\\\", ""));
        name.flatMap(CallerMailboxResolver::address).ifPresent(this::create);
        return name.flatMap(user -> find(address -> address.equals(user))
                .or(() -> find(address -> address.replaceFirst("@.*", "").equals(user))));
    }

    private Optional<MailboxAddress> find(Predicate<String> name) {
        return organization.inOrder().stream()
                .filter(address -> name.test(address.value().toLowerCase(Locale.ROOT)))
                .findFirst();
    }

    private static String basic(String username) {
        return "Basic " + Base64.getEncoder().encodeToString(username.getBytes(StandardCharsets.UTF_8));
    }

    private static Optional<String> decoded(String text) {
        try {
            var pair = new String(Base64.getDecoder().decode(text), StandardCharsets.UTF_8);
            return Optional.of(pair.toLowerCase(Locale.ROOT));
        } catch (IllegalArgumentException notBase64) {
            return Optional.empty();
        }
    }

    private static Optional<MailboxAddress> address(String text) {
        try {
            return text.contains("@") ? Optional.of(new MailboxAddress(text)) : Optional.empty();
        } catch (InvalidValueException notAnAddress) {
            return Optional.empty();
        }
    }

    private static Stream<Element> elements(Element parent, String name) {
        var nodes = parent.getElementsByTagNameNS("*", name);
        return IntStream.range(0, nodes.getLength())
                .mapToObj(nodes::item)
                .flatMap(node -> node instanceof Element element ? Stream.of(element) : Stream.empty());
    }
}
