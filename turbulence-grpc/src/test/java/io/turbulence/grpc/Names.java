package io.turbulence.grpc;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.net.spi.InetAddressResolver;
import java.net.spi.InetAddressResolverProvider;
import java.util.stream.Stream;

/// Knows one name more than the machine: a host of two addresses, both of this machine. It is found by the JDK, for all
/// tests of the module.
public final class Names extends InetAddressResolverProvider {

    static final String TWO = "two.addresses.test";
    static final String SECOND = "127.0.0.2";

    /// Made by [java.util.ServiceLoader].
    public Names() {}

    @Override
    public String name() {
        return "names of the tests";
    }

    @Override
    public InetAddressResolver get(Configuration configuration) {
        InetAddressResolver builtin = configuration.builtinResolver();
        return new InetAddressResolver() {
            @Override
            public Stream<InetAddress> lookupByName(String host, LookupPolicy policy) throws UnknownHostException {
                return host.equals(TWO)
                        ? Stream.of(InetAddress.ofLiteral("127.0.0.1"), InetAddress.ofLiteral(SECOND))
                        : builtin.lookupByName(host, policy);
            }

            @Override
            public String lookupByAddress(byte[] address) throws UnknownHostException {
                return builtin.lookupByAddress(address);
            }
        };
    }
}
