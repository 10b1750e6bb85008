package dev.muster.protocol.net;

import dev.muster.protocol.MusterException.Corrupt;
import dev.muster.protocol.wire.Address;
import dev.muster.protocol.wire.Message;
import dev.muster.protocol.wire.MessageAssembler;
import dev.muster.protocol.wire.MessageCodec;
import dev.muster.protocol.wire.MessageCodec.Encoded;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import io.vertx.core.Context;
import io.vertx.core.internal.net.NetSocketInternal;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// A socket that carries messages, with a bounded queue of what is to be written. What comes in is told to one
/// [Receiver] on the socket's event loop; everything else may be called from any thread.
final class MessageSocket {
    /// How far beyond its limit the queue may go before the peer is given up.
    private static final int OVERRUN = 4;

    private final NetSocketInternal socket;
    private final Context context;
    private final ByteBufAllocator buffers;
    private final int queueBytesMax;
    private final MessageAssembler assembler = new MessageAssembler();
    private final AtomicLong queuedBytes = new AtomicLong();
    private final AtomicLong sentBytes = new AtomicLong();
    private final AtomicBoolean full = new AtomicBoolean();
    private final AtomicReference<@Nullable String> closedWhy = new AtomicReference<>();
    private final AtomicLong receivedBytes = new AtomicLong();
    private Receiver receiver;

    /// Is told what comes, on the event loop.
    interface Receiver {
        void message(Message message);

        /// There is room in the queue after it was full.
        void drained();

        /// Once, at the end.
        void closed(String why);
    }

    /// To be made on the event loop of `context`, which must be the socket's.
    ///
    /// @param buffers for all that passes the socket
    MessageSocket(
            NetSocketInternal socket, Context context, ByteBufAllocator buffers, int queueBytesMax, Receiver receiver) {
        this.socket = socket;
        this.context = context;
        this.buffers = buffers;
        this.queueBytesMax = queueBytesMax;
        this.receiver = receiver;
    }

    /// Reads from now on, through `tls`.
    void start(ChannelHandler tls) {
        socket.channelHandlerContext().channel().config().setAllocator(buffers);
        socket.channelHandlerContext().pipeline().addFirst("tls", tls);
        socket.exceptionHandler(e -> closedWhy.compareAndSet(null, String.valueOf(e.getMessage())));
        socket.closeHandler(_ -> {
            closedWhy.compareAndSet(null, "closed by the other end");
            receiver.closed(String.valueOf(closedWhy.get()));
        });
        socket.channelHandlerContext().pipeline().addAfter("tls", "messages", new Inbound());
    }

    /// Takes the bytes as they come out of TLS, from the buffer that they were decrypted into: further on they
    /// would be copied once more. While it is paused nothing is read from the connection; what TLS has
    /// decrypted still comes.
    private final class Inbound extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext context, Object bytes) {
            try {
                read((ByteBuf) bytes);
            } finally {
                ReferenceCountUtil.release(bytes);
            }
        }
    }

    /// From the next message on, another is told. Only on the event loop.
    void receiver(Receiver next) {
        receiver = next;
    }

    Context context() {
        return context;
    }

    Address remote() {
        return new Address(
                socket.remoteAddress().hostAddress(), socket.remoteAddress().port());
    }

    private void read(ByteBuf buffer) {
        ByteBuffer bytes = buffer.nioBuffer();
        receivedBytes.addAndGet(bytes.remaining());
        try {
            while (closedWhy.get() == null) {
                Optional<Message> message = assembler.next(bytes);
                if (message.isEmpty()) {
                    return;
                }
                receiver.message(message.get());
            }
        } catch (Corrupt e) {
            close(String.valueOf(e.getMessage()));
        }
    }

    /// @return whether there is room for more
    boolean send(Message message) {
        if (closedWhy.get() != null) {
            return true;
        }
        Encoded encoded = MessageCodec.encode(message);
        int size = encoded.size();
        long queued = queuedBytes.addAndGet(size);
        socket.writeMessage(Unpooled.wrappedBuffer(encoded.start(), encoded.rest()))
                .onComplete(write -> written(size, write.succeeded()));
        if (queued > (long) OVERRUN * queueBytesMax) {
            close("it does not read what it is sent");
        }
        if (queued <= queueBytesMax) {
            return true;
        }
        full.set(true);
        // The queue may have emptied before the flag was up, and nobody would say so.
        return queuedBytes.get() <= queueBytesMax / 2 && full.compareAndSet(true, false);
    }

    private void written(int size, boolean sent) {
        sentBytes.addAndGet(sent ? size : 0);
        long queued = queuedBytes.addAndGet(-size);
        if (sent && queued <= queueBytesMax / 2 && full.compareAndSet(true, false)) {
            receiver.drained();
        }
    }

    void pause() {
        socket.channelHandlerContext().channel().config().setAutoRead(false);
    }

    void resume() {
        if (closedWhy.get() == null) {
            socket.channelHandlerContext().channel().config().setAutoRead(true);
        }
    }

    /// The first reason that is given stands. What waits to be written is lost: Vert.x's own close would wait
    /// for a peer that does not read, so the channel is closed below it.
    void close(String why) {
        closedWhy.compareAndSet(null, why);
        ChannelFuture _ = socket.channelHandlerContext().close();
    }

    long queuedBytes() {
        return queuedBytes.get();
    }

    long sentBytes() {
        return sentBytes.get();
    }

    long receivedBytes() {
        return receivedBytes.get();
    }
}
