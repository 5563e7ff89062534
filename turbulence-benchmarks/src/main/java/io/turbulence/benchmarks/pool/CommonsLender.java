package io.turbulence.benchmarks.pool;

import org.apache.commons.pool2.BasePooledObjectFactory;
import org.apache.commons.pool2.PooledObject;
import org.apache.commons.pool2.impl.DefaultPooledObject;
import org.apache.commons.pool2.impl.GenericObjectPool;
import org.apache.commons.pool2.impl.GenericObjectPoolConfig;

/// commons-pool2 as it comes, which serves last in first out and does not look after who came first.
final class CommonsLender implements Lender {

    private final GenericObjectPool<Object> pool;

    CommonsLender() throws Exception {
        GenericObjectPoolConfig<Object> config = new GenericObjectPoolConfig<>();
        config.setMaxTotal(SIZE);
        config.setMaxIdle(SIZE);
        config.setJmxEnabled(false);
        this.pool = new GenericObjectPool<>(new Factory(), config);
        pool.addObjects(SIZE);
    }

    @Override
    public Object lend() throws Exception {
        return pool.borrowObject();
    }

    @Override
    public void giveBack(Object lent) {
        pool.returnObject(lent);
    }

    @Override
    public void close() {
        pool.close();
    }

    private static final class Factory extends BasePooledObjectFactory<Object> {

        @Override
        public Object create() {
            return new Object();
        }

        @Override
        public PooledObject<Object> wrap(Object connection) {
            return new DefaultPooledObject<>(connection);
        }
    }
}
