package dev.muster.protocol.cluster;

import com.hazelcast.instance.EndpointQualifier;
import com.hazelcast.instance.impl.DefaultNodeContext;
import com.hazelcast.instance.impl.DefaultNodeExtension;
import com.hazelcast.instance.impl.Node;
import com.hazelcast.instance.impl.NodeExtension;
import com.hazelcast.internal.networking.ChannelInitializer;
import com.hazelcast.internal.server.ServerContext;
import java.util.function.Function;

/// The one door by which open-source Hazelcast lets somebody else into its networking: the extension of a node, which
/// is asked how each new channel begins. With this one it begins with TLS, whoever dialled.
final class TlsNodeContext extends DefaultNodeContext {
    private final MemberTls tls;

    TlsNodeContext(MemberTls tls) {
        this.tls = tls;
    }

    @Override
    public NodeExtension createNodeExtension(Node node) {
        return new Extension(node, tls);
    }

    private static final class Extension extends DefaultNodeExtension {
        private final MemberTls tls;

        Extension(Node node, MemberTls tls) {
            super(node);
            this.tls = tls;
        }

        @Override
        public Function<EndpointQualifier, ChannelInitializer> createChannelInitializerFn(ServerContext context) {
            Function<EndpointQualifier, ChannelInitializer> plain = super.createChannelInitializerFn(context);
            return endpoint -> tls.initializer(plain.apply(endpoint));
        }
    }
}
