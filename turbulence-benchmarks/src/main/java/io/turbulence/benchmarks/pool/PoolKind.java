package io.turbulence.benchmarks.pool;

/// Whose pools are measured.
public enum PoolKind {
    TURBULENCE,
    HIKARI_BAG,
    COMMONS_POOL2,
    STORMPOT;

    Lender open() throws Exception {
        return switch (this) {
            case TURBULENCE -> new RegistryLender();
            case HIKARI_BAG -> new HikariLender();
            case COMMONS_POOL2 -> new CommonsLender();
            case STORMPOT -> new StormpotLender();
        };
    }
}
