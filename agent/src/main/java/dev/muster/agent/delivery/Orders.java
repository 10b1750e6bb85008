package dev.muster.agent.delivery;

import dev.muster.agent.swarm.SwarmCommand;
import dev.muster.protocol.MusterException.StoreRefused;
import dev.muster.protocol.content.Frame;
import dev.muster.protocol.content.Manifest;
import dev.muster.protocol.wire.Message;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// Carries out what one swarm decides: its commands become messages and work. Owned by its [SwarmLoop], whose thread
/// alone calls it.
final class Orders {
    private final Manifest manifest;
    private final int slot;
    private final SwarmHost host;
    private final SwarmPeers peers;
    private final Arrivals arrivals;
    private final Mailbox<Letter> mailbox;
    private final List<Integer> announcements = new ArrayList<>();

    /// @param slot tells the requests of this swarm from those of others
    Orders(
            Manifest manifest,
            int slot,
            SwarmHost host,
            SwarmPeers peers,
            Arrivals arrivals,
            Mailbox<Letter> mailbox) {
        this.manifest = manifest;
        this.slot = slot;
        this.host = host;
        this.peers = peers;
        this.arrivals = arrivals;
        this.mailbox = mailbox;
    }

    void carryOut(SwarmCommand command) {
        switch (command) {
            case SwarmCommand.Ask(int number, int request, int chunk, int frames) -> {
                boolean header = arrivals.lacksHeader(chunk);
                peers.get(number).ifPresent(peer -> {
                    peer.chunkOf.put(request, chunk);
                    peer.say(new Message.Request(wire(request), manifest.id(), chunk, frames, header));
                });
            }
            case SwarmCommand.Grant(int number, int request) ->
                peers.get(number).ifPresent(peer -> {
                    peer.chunkOf.put(request, SwarmPeer.UNNAMED);
                    peer.say(new Message.Credit(wire(request), manifest.id()));
                });
            case SwarmCommand.Cancel(int number, int request) ->
                peers.get(number).ifPresent(peer -> {
                    peer.chunkOf.remove(request);
                    peer.say(new Message.Cancel(wire(request)));
                });
            case SwarmCommand.Claim(int number, List<Integer> chunks) ->
                peers.get(number).ifPresent(peer -> peer.say(new Message.Claim(manifest.id(), chunks)));
            case SwarmCommand.Disclaim(int number, int chunk) ->
                peers.get(number).ifPresent(peer -> peer.say(new Message.Gone(manifest.id(), List.of(chunk))));
            case SwarmCommand.Forget(int chunk) -> arrivals.forget(chunk);
            case SwarmCommand.Announce(int chunk) -> announcements.add(chunk);
            case SwarmCommand.Withdraw(int chunk) ->
                peers.all().forEach(peer -> peer.say(new Message.Gone(manifest.id(), List.of(chunk))));
            case SwarmCommand.Send send -> peers.get(send.peer()).ifPresent(peer -> send(peer, send));
            case SwarmCommand.Refuse(int number, int request, SwarmCommand.Refusal why, int retryMillis) ->
                peers.get(number).ifPresent(peer -> peer.say(new Message.Refuse(request, reason(why), retryMillis)));
            case SwarmCommand.Blame(int number) ->
                peers.get(number).ifPresent(peer -> host.blame(peer.host(), manifest.id()));
            case SwarmCommand.Suspect(int count) ->
                mailbox.post(new Letter.Failed(new StoreRefused(count + " peers sent wrong bytes of "
                        + manifest.id() + " and next to none right ones: the memory of this host is suspected")));
            case SwarmCommand.Complete() -> finished();
        }
    }

    /// The whole image is here.
    void finished() {
        host.pools().disk().execute(() -> {
            try {
                host.complete(manifest);
            } catch (IOException e) {
                mailbox.post(new Letter.Failed(e));
            }
        });
    }

    /// Tells every peer what has come since.
    void announce() {
        for (int at = 0; at < announcements.size(); at += Message.INDICES_MAX) {
            List<Integer> part = announcements.subList(at, Math.min(announcements.size(), at + Message.INDICES_MAX));
            Message.Have have = new Message.Have(manifest.id(), part);
            peers.all().stream().filter(peer -> peer.told).forEach(peer -> peer.say(have));
        }
        announcements.clear();
    }

    private void send(SwarmPeer peer, SwarmCommand.Send send) {
        int all = (1 << Math.ceilDiv(manifest.chunks().get(send.chunk()).blocks(), Frame.BLOCKS)) - 1;
        LinkSender.Request request = new LinkSender.Request(
                send.request(),
                send.chunk(),
                manifest.chunks().get(send.chunk()).id(),
                send.frames() & all,
                send.header());
        peer.connection
                .sender()
                .send(
                        request,
                        host.store()::chunk,
                        host.terms(manifest, send.chunk(), send.frames(), send.sole()),
                        found -> mailbox.post(new Letter.Sent(peer.connection, send.request(), send.chunk(), found)));
    }

    private static Message.Refuse.Reason reason(SwarmCommand.Refusal why) {
        return switch (why) {
            case NOT_HERE -> Message.Refuse.Reason.NOT_HERE;
            case BUSY -> Message.Refuse.Reason.BUSY;
            case NOTHING_NEW -> Message.Refuse.Reason.NOTHING_NEW;
        };
    }

    private int wire(int request) {
        return (slot << SwarmLoop.SLOT_SHIFT) | request;
    }
}
