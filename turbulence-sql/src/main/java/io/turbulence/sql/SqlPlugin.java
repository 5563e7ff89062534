package io.turbulence.sql;

import com.google.auto.service.AutoService;
import io.turbulence.spi.PluginInfo;
import io.turbulence.spi.ProtocolAction;
import io.turbulence.spi.ProtocolPlugin;
import io.turbulence.spi.ServiceType;
import java.util.List;

/// SQL databases over JDBC: services with a JDBC URL, and the action that runs statements on them.
///
/// Drivers are the user's: they are found where this class was loaded from, which is the class path or
/// the plugin's own folder. H2 comes with it. One object serves one run. Connections come from a
/// HikariCP pool for each service, which the host leases through.
@AutoService(ProtocolPlugin.class)
public final class SqlPlugin implements ProtocolPlugin {

    /// Made by [java.util.ServiceLoader].
    public SqlPlugin() {}

    @Override
    public PluginInfo info() {
        return PluginInfo.of("sql", Version.TEXT, API_LEVEL);
    }

    @Override
    public List<ServiceType<?>> services() {
        return List.of(ServiceType.of("sql", Database.class)
                .defaultAction(SqlAction.TYPE)
                .status("sql_state"));
    }

    @Override
    public List<ProtocolAction<?, ?>> actions() {
        return List.of(new SqlAction());
    }
}
