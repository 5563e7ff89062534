import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import com.google.protobuf.Descriptors.FileDescriptor;
import io.grpc.Server;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.temporal.api.workflowservice.v1.ServiceProto;
import io.temporal.client.WorkflowClient;
import io.temporal.failure.ApplicationFailure;
import io.temporal.internal.testservice.TestServicesStarter;
import io.temporal.serviceclient.WorkflowServiceStubs;
import io.temporal.serviceclient.WorkflowServiceStubsOptions;
import io.temporal.worker.Worker;
import io.temporal.worker.WorkerFactory;
import io.temporal.workflow.QueryMethod;
import io.temporal.workflow.SignalMethod;
import io.temporal.workflow.Workflow;
import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/// Temporal's test server on the loopback interface, with a worker for two workflows, and Temporal's protos as a
/// descriptor set: `java TemporalServer.java PORT DESCRIPTOR_SET`.
public class TemporalServer {

    @WorkflowInterface
    public interface Order {

        @WorkflowMethod(name = "Order")
        String run(String id);

        @SignalMethod(name = "approve")
        void approve();

        @QueryMethod(name = "state")
        String state();
    }

    public static class OrderUntilApproved implements Order {

        private boolean approved;

        @Override
        public String run(String id) {
            if (id.startsWith("broken")) {
                throw ApplicationFailure.newNonRetryableFailure("this order is broken", "Broken");
            }
            if (!id.startsWith("small")) {
                Workflow.await(() -> approved);
            }
            return id + " is approved";
        }

        @Override
        public void approve() {
            approved = true;
        }

        @Override
        public String state() {
            return approved ? "approved" : "waiting";
        }
    }

    public static void main(String[] arguments) throws Exception {
        Map<String, FileDescriptor> files = new LinkedHashMap<>();
        collect(ServiceProto.getDescriptor(), files);
        FileDescriptorSet.Builder set = FileDescriptorSet.newBuilder();
        files.values().forEach(file -> set.addFile(file.toProto()));
        Files.write(Path.of(arguments[1]), set.build().toByteArray());

        TestServicesStarter services = new TestServicesStarter(true, 0);
        NettyServerBuilder builder =
                NettyServerBuilder.forAddress(new InetSocketAddress("127.0.0.1", Integer.parseInt(arguments[0])));
        services.getServices().forEach(builder::addService);
        Server server = builder.build().start();
        WorkflowServiceStubs stubs = WorkflowServiceStubs.newServiceStubs(WorkflowServiceStubsOptions.newBuilder()
                .setTarget("127.0.0.1:" + server.getPort())
                .build());
        WorkerFactory workers = WorkerFactory.newInstance(WorkflowClient.newInstance(stubs));
        Worker worker = workers.newWorker("orders");
        worker.registerWorkflowImplementationTypes(OrderUntilApproved.class);
        workers.start();
        System.out.println("Temporal is ready");
        server.awaitTermination();
    }

    private static void collect(FileDescriptor file, Map<String, FileDescriptor> files) {
        file.getDependencies().forEach(needed -> collect(needed, files));
        files.put(file.getName(), file);
    }
}
