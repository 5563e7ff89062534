package io.turbulence.http;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/*
 * Most fields of a load's requests are either the same each time (`user-agent`, `accept`) or never the
 * same again (paths with a number, traces). A field enters the table that both sides keep when its value
 * comes the second time in succession: the first kind costs one byte then, and the second kind neither
 * pushes the first out nor is looked for. Texts go as they are: the Huffman code would save a third of
 * their bytes and cost more time than all the rest.
 */
/// Encodes the header fields of one connection's requests (RFC 7541), in the order in which they are
/// sent. Not thread-safe.
final class HeadEncoder {

    /// The most that is kept for the peer, however much more it would keep.
    static final int LARGEST_TABLE = 4096;

    private static final int OVERHEAD = 32;
    private static final int MOST_NAMES = 256;

    private static final int INDEXED = 0x80;
    private static final int NEW = 0x40;
    private static final int SIZE = 0x20;
    private static final int SECRET = 0x10;
    private static final int PASSING = 0;

    private final Map<String, Name> names = new HashMap<>();
    private final Deque<Entry> table = new ArrayDeque<>();
    private int tableSize;
    private int mostSize = LARGEST_TABLE;
    private long inserted;

    /// The smallest size asked for since the last head; -1 for none.
    private int smallestAsked = -1;

    /// The peer keeps a table of another size from now on.
    void resize(int asked) {
        mostSize = Math.min(asked, LARGEST_TABLE);
        smallestAsked = smallestAsked < 0 ? mostSize : Math.min(smallestAsked, mostSize);
        evict(mostSize);
    }

    /// Begins a head.
    void begin(HeadBytes out) {
        if (smallestAsked < 0) {
            return;
        }
        if (smallestAsked < mostSize) {
            number(out, SIZE, 5, smallestAsked);
        }
        number(out, SIZE, 5, mostSize);
        smallestAsked = -1;
    }

    /// Adds a field, whatever the case of its name. Leaves out those that belong to a connection of
    /// HTTP/1.1 and have no place here (RFC 9113 §8.2.2).
    void field(HeadBytes out, String given, String value) {
        Name name = name(given);
        switch (name.kind) {
            case LEFT_OUT -> {}
            case PRIVATE -> literal(out, SECRET, 4, name, value.getBytes(StandardCharsets.UTF_8));
            case COMMON -> common(out, name, value);
        }
    }

    private void common(HeadBytes out, Name name, String value) {
        Entry known = name.entries.isEmpty() ? null : name.entries.get(value);
        if (known != null) {
            number(out, INDEXED, 7, known.fixed > 0 ? known.fixed : 62 + (int) (inserted - known.number));
            return;
        }
        byte[] octets = value.getBytes(StandardCharsets.UTF_8);
        int size = name.text.length + octets.length + OVERHEAD;
        if (size <= mostSize / 2 && value.equals(name.last)) {
            literal(out, NEW, 6, name, octets);
            insert(name, value, size);
        } else {
            name.last = value;
            literal(out, PASSING, 4, name, octets);
        }
    }

    private void insert(Name name, String value, int size) {
        evict(mostSize - size);
        Entry entry = new Entry(name, value, 0, size, ++inserted);
        name.entries.put(value, entry);
        table.add(entry);
        tableSize += size;
    }

    private void evict(int most) {
        while (tableSize > most) {
            Entry oldest = table.remove();
            oldest.name.entries.remove(oldest.value);
            tableSize -= oldest.size;
        }
    }

    private static void literal(HeadBytes out, int kind, int prefix, Name name, byte[] value) {
        number(out, kind, prefix, name.fixed);
        if (name.fixed == 0) {
            number(out, 0, 7, name.text.length);
            out.ascii(name.text);
        }
        number(out, 0, 7, value.length);
        out.ascii(value);
    }

    /// RFC 7541 §5.1
    private static void number(HeadBytes out, int kind, int prefix, int number) {
        int most = (1 << prefix) - 1;
        if (number < most) {
            out.one((char) (kind | number));
            return;
        }
        out.one((char) (kind | most));
        int rest = number - most;
        while (rest >= 128) {
            out.one((char) ((rest & 127) | 128));
            rest >>= 7;
        }
        out.one((char) rest);
    }

    private Name name(String given) {
        Name known = names.get(given);
        if (known != null) {
            return known;
        }
        Name made = new Name(given.toLowerCase(Locale.ROOT));
        if (names.size() < MOST_NAMES) {
            names.put(given, made);
        }
        return made;
    }

    private enum Kind {
        COMMON,
        /// Never kept, nor by anybody on the way.
        PRIVATE,
        LEFT_OUT
    }

    /// What is known of fields of one name.
    private static final class Name {

        private final byte[] text;
        private final Kind kind;
        /// Its place in the table that is the same for everybody; 0 for none.
        private final int fixed;

        /// By value: where load runs in step, a table full of paths is searched for each.
        private final Map<String, Entry> entries = new HashMap<>(2);
        private @Nullable String last;

        private Name(String text) {
            this.text = text.getBytes(StandardCharsets.US_ASCII);
            this.kind = kind(text);
            int first = 0;
            for (int i = FIXED.length - 2; i >= 0; i -= 2) {
                if (FIXED[i].equals(text)) {
                    first = i / 2 + 1;
                    entries.put(FIXED[i + 1], new Entry(this, FIXED[i + 1], first, 0, 0));
                }
            }
            this.fixed = first;
        }

        private static Kind kind(String name) {
            return switch (name) {
                case "authorization", "proxy-authorization", "cookie" -> Kind.PRIVATE;
                case "host", "connection", "keep-alive", "proxy-connection", "upgrade", "expect" -> Kind.LEFT_OUT;
                default -> Kind.COMMON;
            };
        }
    }

    /// A field in a table. Equal only to itself.
    private static final class Entry {

        private final Name name;
        private final String value;
        /// Its place in the table that is the same for everybody; 0 for one of ours.
        private final int fixed;

        private final int size;
        /// Which of ours it is, counted from the first.
        private final long number;

        private Entry(Name name, String value, int fixed, int size, long number) {
            this.name = name;
            this.value = value;
            this.fixed = fixed;
            this.size = size;
            this.number = number;
        }
    }

    /// RFC 7541, appendix A, as far as requests have such fields; the rest stands for the places only.
    private static final String[] FIXED = fixed();

    private static String[] fixed() {
        String names = ":authority :method :method :path :path :scheme :scheme :status :status :status :status :status"
                + " :status :status accept-charset accept-encoding accept-language accept-ranges accept"
                + " access-control-allow-origin age allow authorization cache-control content-disposition"
                + " content-encoding content-language content-length content-location content-range content-type"
                + " cookie date etag expect expires from host if-match if-modified-since if-none-match if-range"
                + " if-unmodified-since last-modified link location max-forwards proxy-authenticate"
                + " proxy-authorization range referer refresh retry-after server set-cookie strict-transport-security"
                + " transfer-encoding user-agent vary via www-authenticate";
        String[] each = names.split(" ", -1);
        String[] table = new String[each.length * 2];
        for (int i = 0; i < each.length; i++) {
            table[i * 2] = each[i];
            table[i * 2 + 1] = switch (i + 1) {
                case 2 -> "GET";
                case 3 -> "POST";
                case 4 -> "/";
                case 5 -> "/index.html";
                case 6 -> "http";
                case 7 -> "https";
                case 16 -> "gzip, deflate";
                default -> "";
            };
        }
        return table;
    }
}
