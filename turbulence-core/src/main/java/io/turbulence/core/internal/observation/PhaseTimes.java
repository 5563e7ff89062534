package io.turbulence.core.internal.observation;

import io.turbulence.api.Metadata;
import java.util.AbstractMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// How long each phase of an exchange took, as its metadata tells it: milliseconds by the phase's name. A phase
/// begins where the one before it ended, so that together they are what the exchange took, opening its connection
/// included. A phase that there was none of has no entry: of a connection that was open already there is neither
/// `dns` nor `connect` nor `tls`.
///
/// Immutable. Times are nanoseconds; -1 where there is none.
public final class PhaseTimes extends AbstractMap<String, Double> {

    /// Under which name it stands in the metadata.
    public static final String NAME = "phases_ms";

    private final long dns;
    private final long connect;
    private final long tls;
    private final long firstByte;
    private final long transfer;

    /// @param dns       finding the addresses of a name
    /// @param connect   until the transport connection stood
    /// @param tls       the handshake
    /// @param firstByte from then, or from the start of the attempt, to the first byte or message of the answer
    /// @param transfer  from the first byte to the end of the answer
    public PhaseTimes(long dns, long connect, long tls, long firstByte, long transfer) {
        this.dns = dns;
        this.connect = connect;
        this.tls = tls;
        this.firstByte = firstByte;
        this.transfer = transfer;
    }

    /// The phases of an exchange; null where nobody marked one.
    public static @Nullable PhaseTimes of(Metadata metadata) {
        return metadata.get(NAME) instanceof PhaseTimes times ? times : null;
    }

    public long dns() {
        return dns;
    }

    public long connect() {
        return connect;
    }

    public long tls() {
        return tls;
    }

    public long firstByte() {
        return firstByte;
    }

    public long transfer() {
        return transfer;
    }

    @Override
    public boolean isEmpty() {
        return (dns & connect & tls & firstByte & transfer) < 0;
    }

    @Override
    public @Nullable Double get(@Nullable Object key) {
        return key instanceof String name ? ObservationView.millis(nanos(name)) : null;
    }

    @Override
    public boolean containsKey(@Nullable Object key) {
        return key instanceof String name && nanos(name) >= 0;
    }

    private long nanos(String name) {
        return switch (name) {
            case "dns" -> dns;
            case "connect" -> connect;
            case "tls" -> tls;
            case "first_byte" -> firstByte;
            case "transfer" -> transfer;
            default -> -1;
        };
    }

    @Override
    public Set<Entry<String, Double>> entrySet() {
        Map<String, Double> present = new LinkedHashMap<>();
        put(present, "dns", dns);
        put(present, "connect", connect);
        put(present, "tls", tls);
        put(present, "first_byte", firstByte);
        put(present, "transfer", transfer);
        return present.entrySet();
    }

    private static void put(Map<String, Double> present, String name, long nanos) {
        Double millis = ObservationView.millis(nanos);
        if (millis != null) {
            present.put(name, millis);
        }
    }
}
