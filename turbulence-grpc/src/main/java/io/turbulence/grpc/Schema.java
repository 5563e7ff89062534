package io.turbulence.grpc;

import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.Descriptors.MethodDescriptor;
import com.google.protobuf.Descriptors.ServiceDescriptor;
import io.turbulence.api.Deadline;
import io.turbulence.api.Failure;
import io.turbulence.api.FailureException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The methods of a service, for the length of a run: all known from files, or learnt from the server when
/// they are first called. Thread-safe.
final class Schema {

    private static final Duration LOOK_UP = Duration.ofSeconds(10);

    private final Types types;
    private final GrpcService.@Nullable Reflection reflection;
    private final Map<String, Method> methods = new ConcurrentHashMap<>();
    private final Map<String, FailureException> refusals = new ConcurrentHashMap<>();
    private final ReentrantLock asking = new ReentrantLock();
    private volatile @Nullable GrpcChannel channel;

    private Schema(List<FileDescriptor> files, GrpcService.@Nullable Reflection reflection) {
        this.reflection = reflection;
        this.types = new Types(reflection == null ? name -> null : this::fileOfType);
        files.forEach(types::add);
    }

    /// All methods are in these files.
    static Schema of(List<FileDescriptor> files) {
        return new Schema(files, null);
    }

    /// Methods are learnt from the server.
    static Schema reflected(GrpcService.Reflection reflection) {
        return new Schema(List.of(), reflection);
    }

    Types types() {
        return types;
    }

    /// Takes a channel over which the server can be asked.
    void reachedBy(GrpcChannel open) {
        channel = open;
    }

    /// A method by `package.Service/Method`.
    ///
    /// @throws FailureException when there is none, or the server does not say
    Method method(String name, GrpcChannel over, Deadline deadline) throws InterruptedException {
        Method known = methods.get(name);
        if (known != null) {
            return known;
        }
        FailureException refusal = refusals.get(name);
        if (refusal != null) {
            throw new FailureException(refusal.failure(), String.valueOf(refusal.getMessage()), refusal);
        }
        try {
            return learnt(name, over, deadline);
        } catch (NoReflectionException | UnknownMethodException e) {
            FailureException made = new FailureException(Failure.PROTOCOL, String.valueOf(e.getMessage()), e);
            refusals.put(name, made);
            throw made;
        }
    }

    /// A method that the server is asked for where it is not known.
    ///
    /// @throws UnknownMethodException when there is none
    /// @throws NoReflectionException  when the server does not describe its methods
    /// @throws FailureException       when the server cannot be asked
    Method learnt(String name, GrpcChannel over, Deadline deadline) throws InterruptedException {
        if (reflection != null) {
            learn(name, over, deadline);
        }
        return known(name);
    }

    /// A method that needs no asking.
    ///
    /// @throws UnknownMethodException when there is none
    Method known(String name) {
        Method known = methods.get(name);
        if (known != null) {
            return known;
        }
        MethodName parts = MethodName.of(name);
        MethodDescriptor found = types.method(parts.service(), parts.method());
        if (found == null) {
            throw unknown(parts);
        }
        Method made = new Method(found, types);
        Method earlier = methods.putIfAbsent(name, made);
        return earlier == null ? made : earlier;
    }

    private UnknownMethodException unknown(MethodName name) {
        ServiceDescriptor service = types.service(name.service());
        if (service != null) {
            List<String> names = service.getMethods().stream()
                    .map(method -> service.getFullName() + "/" + method.getName())
                    .toList();
            return new UnknownMethodException(
                    "the unknown method '" + name.text() + "'",
                    "a method of '" + service.getFullName() + "': " + String.join(", ", names),
                    Nearest.hint(name.text(), names));
        }
        List<String> names =
                types.services().stream().map(ServiceDescriptor::getFullName).toList();
        return new UnknownMethodException(
                "the unknown service '" + name.service() + "'",
                names.isEmpty() ? "a service" : "one of " + String.join(", ", names),
                nearService(name, names));
    }

    /// A service is most often misspelt in its package: then its last part tells.
    private static String nearService(MethodName name, List<String> names) {
        String last = name.service().substring(name.service().lastIndexOf('.') + 1);
        String near = names.stream()
                .filter(known -> known.substring(known.lastIndexOf('.') + 1).equals(last))
                .findFirst()
                .orElse(null);
        return near == null ? Nearest.hint(name.service(), names) : "Did you mean '" + near + "'?";
    }

    /// One asks at a time; the others find what it learnt.
    private void learn(String name, GrpcChannel over, Deadline deadline) throws InterruptedException {
        if (!asking.tryLock(Math.max(0, deadline.remainingNanos()), TimeUnit.NANOSECONDS)) {
            throw new FailureException(
                    Failure.TIMEOUT,
                    "'" + over.endpoint().authority() + "' did not describe its methods by reflection within the "
                            + deadline.limit());
        }
        try {
            MethodName parts = MethodName.of(name);
            FailureException refusal = refusals.get(name);
            if (refusal != null) {
                throw refusal;
            }
            if (types.service(parts.service()) == null) {
                ask(parts, over, deadline);
            }
        } finally {
            asking.unlock();
        }
    }

    private void ask(MethodName name, GrpcChannel over, Deadline deadline) throws InterruptedException {
        try (Reflector reflector = reflector(over, deadline)) {
            List<FileDescriptorProto> files = reflector.fileContaining(name.service());
            if (files == null) {
                List<String> names = reflector.services();
                throw new UnknownMethodException(
                        "the unknown service '" + name.service() + "'",
                        "one of " + String.join(", ", names),
                        nearService(name, names));
            }
            link(files, reflector);
        }
    }

    private Reflector reflector(GrpcChannel over, Deadline deadline) {
        return new Reflector(over, reflection == null ? GrpcService.Reflection.AUTO : reflection, deadline);
    }

    private void link(List<FileDescriptorProto> files, Reflector reflector) throws InterruptedException {
        Linker linker = new Linker(name -> {
            List<FileDescriptorProto> more = reflector.file(name);
            return more == null || more.isEmpty() ? null : more.getFirst();
        });
        files.forEach(linker::give);
        try {
            for (FileDescriptorProto file : files) {
                types.add(linker.link(file.getName()));
            }
        } catch (InterruptedException | FailureException e) {
            throw e;
        } catch (Exception e) {
            throw new FailureException(
                    Failure.PROTOCOL, "what the server says of its methods is of no use: " + e.getMessage(), e);
        }
    }

    /// Whether nobody has to be asked.
    boolean isLocal() {
        return reflection == null;
    }

    /// The services that the files describe.
    List<String> knownServices() {
        return types.services().stream().map(ServiceDescriptor::getFullName).toList();
    }

    /// The services that the server offers or the files describe, those of gRPC itself included.
    List<String> services(GrpcChannel over, Deadline deadline) throws InterruptedException {
        if (reflection == null) {
            return knownServices();
        }
        try (Reflector reflector = reflector(over, deadline)) {
            return reflector.services();
        }
    }

    /// What was likely meant by a name that is unknown, as a hint; empty when nothing is near.
    ///
    /// @param over null when nobody has to be asked
    String near(String symbol, @Nullable GrpcChannel over, Deadline deadline) throws InterruptedException {
        Set<String> names = new TreeSet<>(over == null ? knownServices() : services(over, deadline));
        for (String service : List.copyOf(names)) {
            if (over != null) {
                learnSymbol(service, over, deadline);
            }
            methods(service).forEach(method -> names.add(method.fullName()));
        }
        names.addAll(types.names());
        return Nearest.hint(symbol, names);
    }

    /// Learns of a service or type, if the server has it.
    void learnSymbol(String symbol, GrpcChannel over, Deadline deadline) throws InterruptedException {
        if (reflection == null) {
            return;
        }
        try (Reflector reflector = reflector(over, deadline)) {
            List<FileDescriptorProto> files = reflector.fileContaining(symbol);
            if (files != null) {
                link(files, reflector);
            }
        }
    }

    /// What an `Any` to be sent holds may be in a file of its own.
    private @Nullable FileDescriptor fileOfType(String name) {
        GrpcChannel over = channel;
        if (over == null) {
            return null;
        }
        try {
            asking.lockInterruptibly();
            try {
                learnSymbol(name, over, Deadline.after(LOOK_UP, "limit of 10 s"));
            } finally {
                asking.unlock();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (FailureException | NoReflectionException e) {
            // Told as an unknown type
            return null;
        }
        return null;
    }

    /// The methods of a service that is known, in the order of their file.
    List<Method> methods(String service) {
        ServiceDescriptor found = types.service(service);
        List<Method> all = new ArrayList<>();
        if (found != null) {
            found.getMethods().forEach(method -> all.add(known(service + "/" + method.getName())));
        }
        return all;
    }
}
