import org.apache.catalina.connector.Connector;
import org.springframework.beans.factory.config.BeanPostProcessor;

/** S3Mock on this machine's own address: `S3MockServer PORT FOLDER`. */
public class S3MockServer {

    /** Without it the plain port listens on every interface. */
    public static class Loopback implements BeanPostProcessor {
        @Override
        public Object postProcessBeforeInitialization(Object bean, String name) {
            if (bean instanceof Connector connector) {
                connector.setProperty("address", "127.0.0.1");
            }
            return bean;
        }
    }

    public static void main(String[] arguments) {
        com.adobe.testing.s3mock.S3MockApplication.main(new String[] {
            "--http.port=" + arguments[0],
            "--server.address=127.0.0.1",
            "--server.port=0",
            "--com.adobe.testing.s3mock.store.root=" + arguments[1],
            "--com.adobe.testing.s3mock.max-payload-size=512MB",
            "--logging.level.root=WARN",
            "--spring.main.banner-mode=off",
            "--spring.main.sources=S3MockServer$Loopback"
        });
    }
}
