package io.turbulence.kafka;

import io.turbulence.api.Deadline;
import io.turbulence.api.Failure;
import io.turbulence.api.FailureException;
import io.turbulence.kafka.ProduceSettings.SchemaUse;
import io.turbulence.spi.Json;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// The wire format of Confluent's registry: a zero, the id of the writer's schema in four bytes, then the value by
/// that schema. Schemas are fetched once by their id. Thread-safe.
final class SchemaCodec {

    private static final int HEAD = 5;
    private static final Duration ASK = Duration.ofSeconds(5);
    /// Shorter than what makes a poll count as one without an answer.
    private static final Duration ASK_FOR_KEY = Duration.ofSeconds(2);
    private static final long REMEMBERED_NANOS = 5_000_000_000L;
    private static final int MOST_MISSING = 256;
    private static final int MOST_STRANGERS = 16;

    private final RegistryClient registry;
    private final Json json;
    private final Map<Integer, ValueCodec> byId = new ConcurrentHashMap<>();
    private final Map<Integer, Missing> missing = Collections.synchronizedMap(new Newest());
    private final Set<Integer> strangers = ConcurrentHashMap.newKeySet();
    private final Map<Wanted, Known> bySubject = new ConcurrentHashMap<>();
    private volatile long unansweredAt = System.nanoTime() - REMEMBERED_NANOS;

    private SchemaCodec(RegistryClient registry, Json json) {
        this.registry = registry;
        this.json = json;
    }

    /// For a service; null when it has no registry.
    static @Nullable SchemaCodec of(KafkaService service, Json json) {
        KafkaService.SchemaRegistry settings = service.schemaRegistry();
        return settings == null ? null : new SchemaCodec(new RegistryClient(settings, json), json);
    }

    /// The kinds of schema.
    enum Format {
        AVRO("avro"),
        PROTOBUF("protobuf"),
        JSON("json_schema");

        private final String setting;

        Format(String setting) {
            this.setting = setting;
        }

        /// The key of a step's settings.
        String setting() {
            return setting;
        }
    }

    /// Whether it may be a value by a schema.
    static boolean isCoded(byte[] value) {
        return value.length >= HEAD && value[0] == 0;
    }

    /// The id of the writer's schema.
    static int id(byte[] value) {
        return ByteBuffer.wrap(value).getInt(1);
    }

    /// A value by its writer's schema, as a tree.
    ///
    /// @param where names the record in messages
    /// @throws FailureException when the registry does not have the schema or the bytes do not follow it
    @Nullable
    Object decode(byte[] value, String where) {
        return decode(value, codec(id(value), ASK), where);
    }

    private static @Nullable Object decode(byte[] value, ValueCodec codec, String where) {
        try {
            return codec.decode(
                    ByteBuffer.wrap(value, HEAD, value.length - HEAD).slice());
        } catch (Exception e) {
            throw new FailureException(
                    Failure.PROTOCOL,
                    "%s does not follow its schema (id %d, %s): %s".formatted(where, id(value), codec.name(), e),
                    e);
        }
    }

    /// A record's key by its writer's schema, else as text.
    ///
    /// That it has one is a guess: a number or a digest may begin with a zero as well, each with another id, and who
    /// polls waits meanwhile. So the registry is asked for positive ids only, not for 5 s after it has not answered,
    /// and for none any more once it did not have 16 of them: a topic's keys have few schemas. What is known already
    /// is used all the same.
    @Nullable
    Object key(byte[] key) {
        ValueCodec codec = isCoded(key) ? codecOfKey(id(key)) : null;
        if (codec == null) {
            return Frames.text(key);
        }
        try {
            return decode(key, codec, "the key");
        } catch (FailureException e) {
            // It only looked like it
            return Frames.text(key);
        }
    }

    private @Nullable ValueCodec codecOfKey(int id) {
        ValueCodec known = byId.get(id);
        boolean isAsked =
                id > 0 && strangers.size() < MOST_STRANGERS && System.nanoTime() - unansweredAt >= REMEMBERED_NANOS;
        if (known != null || !isAsked) {
            return known;
        }
        try {
            return codec(id, ASK_FOR_KEY);
        } catch (FailureException e) {
            if (e.failure() == Failure.PROTOCOL) {
                strangers.add(id);
            } else {
                unansweredAt = System.nanoTime();
            }
            return null;
        }
    }

    /// Two that ask at once for the same id both fetch it, to the same end.
    private ValueCodec codec(int id, Duration most) {
        ValueCodec known = byId.get(id);
        if (known != null) {
            return known;
        }
        Missing before = missing.get(id);
        if (before != null && System.nanoTime() - before.at() < REMEMBERED_NANOS) {
            throw new FailureException(
                    before.failure().failure(), String.valueOf(before.failure().getMessage()));
        }
        Deadline deadline = Deadline.after(most, "limit of " + most.toSeconds() + " s for the schema registry");
        try {
            ValueCodec codec = ValueCodec.of(registry.schema(id, deadline), registry, json, deadline);
            byId.put(id, codec);
            return codec;
        } catch (FailureException e) {
            missing.put(id, new Missing(e, System.nanoTime()));
            throw e;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new FailureException(Failure.CANCELLED, "cancelled while schema " + id + " was fetched", e);
        }
    }

    /// A tree by a schema of the registry.
    ///
    /// @throws FailureException when the registry refuses or is not there, or the tree does not fit the schema
    byte[] encode(Format format, String topic, @Nullable String subject, SchemaUse use, Object tree, Deadline deadline)
            throws InterruptedException {
        Known known = known(format, topic, subject, use, deadline);
        byte[] value;
        try {
            value = known.codec().encode(tree, use.name());
        } catch (MisfitException e) {
            throw new FailureException(
                    Failure.PROTOCOL,
                    "the value does not fit schema '%s' (id %d): %s"
                            .formatted(known.codec().name(), known.id(), e.getMessage()),
                    e);
        }
        return ByteBuffer.allocate(HEAD + value.length)
                .put((byte) 0)
                .putInt(known.id())
                .put(value)
                .array();
    }

    private Known known(Format format, String topic, @Nullable String subject, SchemaUse use, Deadline deadline)
            throws InterruptedException {
        Wanted wanted = new Wanted(format, topic, subject, use);
        Known known = bySubject.get(wanted);
        if (known != null) {
            return known;
        }
        Known made = use.register() ? registered(wanted, deadline) : used(wanted, deadline);
        bySubject.put(wanted, made);
        byId.put(made.id(), made.codec());
        return made;
    }

    private Known used(Wanted wanted, Deadline deadline) throws InterruptedException {
        Object version = wanted.use().use();
        String subject = subject(wanted, wanted.use().name());
        RegistryClient.Registered found =
                registry.version(subject, version == null ? "latest" : version.toString(), deadline);
        if (found.schema().format() != wanted.format()) {
            throw new FailureException(
                    Failure.PROTOCOL,
                    "subject '%s' holds a schema of %s but the step says '%s'"
                            .formatted(
                                    subject,
                                    found.schema().format(),
                                    wanted.format().setting()));
        }
        return new Known(found.id(), ValueCodec.of(found.schema(), registry, json, deadline));
    }

    private Known registered(Wanted wanted, Deadline deadline) throws InterruptedException {
        SchemaUse use = wanted.use();
        String text;
        if (use.file() != null) {
            text = Files.text(use.file());
        } else if (use.inline() instanceof String given) {
            text = given;
        } else {
            text = json.writeText(use.inline());
        }
        List<RegistryClient.Reference> references = use.references().stream()
                .map(each -> new RegistryClient.Reference(each.name(), each.subject(), each.version()))
                .toList();
        RegistryClient.Written schema = new RegistryClient.Written(wanted.format(), text, references);
        ValueCodec codec = ValueCodec.of(schema, registry, json, deadline);
        String subject = subject(wanted, use.name() == null ? codec.name() : use.name());
        return new Known(registry.register(subject, schema, deadline), codec);
    }

    private static String subject(Wanted wanted, @Nullable String name) {
        if (wanted.subject() != null) {
            return wanted.subject();
        }
        SchemaUse.Strategy strategy = wanted.use().strategy();
        if (strategy == SchemaUse.Strategy.TOPIC) {
            return wanted.topic() + "-value";
        }
        if (name == null) {
            throw new FailureException(
                    Failure.PROTOCOL,
                    "the subject is named by the record, but its name is not known. Add 'schema.name' or 'subject'.");
        }
        return strategy == SchemaUse.Strategy.RECORD ? name : wanted.topic() + "-" + name;
    }

    void close() {
        registry.close();
    }

    private record Wanted(
            Format format, String topic, @Nullable String subject, SchemaUse use) {}

    private record Known(int id, ValueCodec codec) {}

    private record Missing(FailureException failure, long at) {}

    /// The oldest goes when there are too many.
    private static final class Newest extends LinkedHashMap<Integer, Missing> {

        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Integer, Missing> eldest) {
            return size() > MOST_MISSING;
        }
    }

    /// A tree that a schema does not allow; the message says where.
    static final class MisfitException extends Exception {

        private static final long serialVersionUID = 1L;

        MisfitException(String path, String problem) {
            super(path + ": " + problem);
        }

        MisfitException(String message, Throwable cause) {
            super(message, cause);
        }
    }
}
