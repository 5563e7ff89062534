package io.turbulence.aws;

import com.google.auto.service.AutoService;
import io.turbulence.spi.PluginInfo;
import io.turbulence.spi.ProtocolAction;
import io.turbulence.spi.ProtocolPlugin;
import io.turbulence.spi.ServiceType;
import java.util.List;

/// Amazon Web Services: objects of S3, queues of SQS, streams of Kinesis, state machines of Step Functions.
///
/// One object serves one run. Its actions are thread-safe; its clients are opened and closed by the
/// host's pools. The SDK of a service is needed only by who uses that service.
@AutoService(ProtocolPlugin.class)
public final class AwsPlugin implements ProtocolPlugin {

    private final S3Clients objects = new S3Clients();
    private final SqsClients messages = new SqsClients();
    private final Queues queues = new Queues();
    private final KinesisClients records = new KinesisClients();
    private final Streams streams = new Streams();
    private final SfnClients machines = new SfnClients();

    /// Made by [java.util.ServiceLoader].
    public AwsPlugin() {}

    @Override
    public PluginInfo info() {
        return PluginInfo.of("aws", Version.TEXT, API_LEVEL);
    }

    @Override
    public List<ServiceType<?>> services() {
        return List.of(
                of("aws.s3", S3Service.class).defaultAction(HeadAction.TYPE),
                of("aws.sqs", SqsService.class).shorthands("error_code", "headers"),
                of("aws.kinesis", KinesisService.class),
                of("aws.sfn", SfnService.class).defaultAction(DescribeAction.TYPE));
    }

    private static <S extends Record> ServiceType<S> of(String protocol, Class<S> settings) {
        return ServiceType.of(protocol, settings)
                .shorthands("error_code")
                .status("status_code")
                .statusRange(100, 599);
    }

    @Override
    public List<ProtocolAction<?, ?>> actions() {
        return List.of(
                new PutAction(objects),
                new GetAction(objects),
                new HeadAction(objects),
                new ListAction(objects),
                new DeleteAction(objects),
                new SendAction(messages),
                new ReceiveAction(messages),
                new DeleteMessageAction(messages),
                new AwaitMessageAction(queues),
                new PutRecordAction(records),
                new AwaitRecordAction(streams),
                new StartAction(machines),
                new DescribeAction(machines));
    }
}
