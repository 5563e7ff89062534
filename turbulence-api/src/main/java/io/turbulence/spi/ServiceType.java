package io.turbulence.spi;

import static java.util.Objects.requireNonNull;

import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// A kind of service that a system file may declare: the `protocol` of a block under `services`.
///
/// The plugin's connection factories and actions belong to it by its settings record: a factory that
/// names the same record class serves it. Immutable; the `with…`-like methods answer a changed copy.
public final class ServiceType<S extends Record> {

    private final String protocol;
    private final Class<S> settings;
    private final Set<String> impliedBy;
    private final Optional<String> defaultAction;
    private final Set<String> shorthands;
    private final Optional<String> statusKey;
    private final Map<String, Object> statusNames;
    private final Optional<StatusRange> statusRange;
    private final PoolSettings pool;

    private ServiceType(
            String protocol,
            Class<S> settings,
            Set<String> impliedBy,
            Optional<String> defaultAction,
            Set<String> shorthands,
            Optional<String> statusKey,
            Map<String, Object> statusNames,
            Optional<StatusRange> statusRange,
            PoolSettings pool) {
        this.protocol = requireNonNull(protocol, "protocol");
        this.settings = requireNonNull(settings, "settings");
        this.impliedBy = impliedBy;
        this.defaultAction = defaultAction;
        this.shorthands = shorthands;
        this.statusKey = statusKey;
        this.statusNames = statusNames;
        this.statusRange = statusRange;
        this.pool = pool;
    }

    /// A kind of service.
    ///
    /// @param protocol as it is written in a system file: `http`, `aws.s3`
    /// @param settings what stands in the service's block; bound from YAML
    public static <S extends Record> ServiceType<S> of(String protocol, Class<S> settings) {
        return new ServiceType<>(
                protocol,
                settings,
                Set.of(),
                Optional.empty(),
                Set.of(),
                Optional.empty(),
                Map.of(),
                Optional.empty(),
                PoolSettings.defaults());
    }

    /// A service without `protocol` is of this kind when its block has one of these keys.
    public ServiceType<S> impliedBy(String... keys) {
        return new ServiceType<>(
                protocol, settings, Set.of(keys), defaultAction, shorthands, statusKey, statusNames, statusRange, pool);
    }

    /// The action that is meant where a step waits or polls and names no type.
    public ServiceType<S> defaultAction(String actionType) {
        return new ServiceType<>(
                protocol,
                settings,
                impliedBy,
                Optional.of(actionType),
                shorthands,
                statusKey,
                statusNames,
                statusRange,
                pool);
    }

    /// Metadata names that expressions may use alone: `headers` for `metadata.headers`.
    public ServiceType<S> shorthands(String... metadataNames) {
        return new ServiceType<>(
                protocol,
                settings,
                impliedBy,
                defaultAction,
                Set.of(metadataNames),
                statusKey,
                statusNames,
                statusRange,
                pool);
    }

    /// The metadata name that holds the protocol's status (`status_code`). It is a shorthand, and an
    /// expectation on it replaces the protocol's own rule of success.
    public ServiceType<S> status(String metadataName) {
        return status(metadataName, Map.of());
    }

    /// As [#status(String)], with the names that people may write for a status: `NOT_FOUND` for 5.
    public ServiceType<S> status(String metadataName, Map<String, ?> names) {
        return new ServiceType<>(
                protocol,
                settings,
                impliedBy,
                defaultAction,
                shorthands,
                Optional.of(metadataName),
                Map.copyOf(names),
                statusRange,
                pool);
    }

    /// The least and the greatest status that there is. An expectation of another one never holds, and is refused when
    /// it
    /// is loaded; without a range and without names, any is taken.
    public ServiceType<S> statusRange(int least, int most) {
        return new ServiceType<>(
                protocol,
                settings,
                impliedBy,
                defaultAction,
                shorthands,
                statusKey,
                statusNames,
                Optional.of(new StatusRange(least, most)),
                pool);
    }

    /// What holds where the service's `pool` block says nothing: a WebSocket belongs to its instance, and is not
    /// closed because nothing was said on it for a while.
    public ServiceType<S> pool(PoolSettings defaults) {
        return new ServiceType<>(
                protocol,
                settings,
                impliedBy,
                defaultAction,
                shorthands,
                statusKey,
                statusNames,
                statusRange,
                requireNonNull(defaults, "defaults"));
    }

    /// Statuses from the least to the greatest, both included.
    public record StatusRange(int least, int most) {}

    public String protocol() {
        return protocol;
    }

    public Class<S> settings() {
        return settings;
    }

    public Set<String> impliedBy() {
        return impliedBy;
    }

    public Optional<String> defaultAction() {
        return defaultAction;
    }

    public Set<String> shorthands() {
        return shorthands;
    }

    public Optional<String> statusKey() {
        return statusKey;
    }

    public Map<String, Object> statusNames() {
        return statusNames;
    }

    public Optional<StatusRange> statusRange() {
        return statusRange;
    }

    public PoolSettings pool() {
        return pool;
    }

    @Override
    public String toString() {
        return protocol;
    }
}
