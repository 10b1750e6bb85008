package dev.muster.agent.delivery;

import dev.muster.protocol.content.Hash;
import dev.muster.protocol.content.ManifestId;
import dev.muster.protocol.wire.Message;
import dev.muster.protocol.wire.PeerAddress;
import java.util.List;
import java.util.function.ObjIntConsumer;
import java.util.function.Supplier;

/// Who is to hear what a peer says: the swarm that it speaks of, whoever waits for the answer, or whoever finds one.
/// Nothing here waits. Safe for threads.
final class Routing {
    private final LoopTable loops;
    private final Gets gets;
    private final HeaderGets headerGets;
    private final Answers answers;
    private final Supplier<Swarms.Listener> listener;
    private final ObjIntConsumer<Connection> counted;

    /// @param listener who hears what is not of a swarm
    /// @param counted is told how much content came, but for that of swarms
    Routing(
            LoopTable loops,
            Gets gets,
            HeaderGets headerGets,
            Answers answers,
            Supplier<Swarms.Listener> listener,
            ObjIntConsumer<Connection> counted) {
        this.loops = loops;
        this.gets = gets;
        this.headerGets = headerGets;
        this.answers = answers;
        this.listener = listener;
        this.counted = counted;
    }

    void received(Connection from, Message message) {
        switch (message) {
            case Message.Participate participate -> toSwarm(from, participate.manifest(), message);
            case Message.Have have -> toSwarm(from, have.manifest(), message);
            case Message.Gone gone -> toSwarm(from, gone.manifest(), message);
            case Message.Claim claim -> toSwarm(from, claim.manifest(), message);
            case Message.Leave leave -> toSwarm(from, leave.manifest(), message);
            case Message.Request request -> toSwarm(from, request.manifest(), message);
            case Message.Credit credit -> toSwarm(from, credit.manifest(), message);
            case Message.Header header -> toAsker(from, header.request(), message);
            case Message.Data data -> toAsker(from, data.request(), message);
            case Message.Refuse refuse -> toAsker(from, refuse.request(), message);
            case Message.Cancel cancel -> {
                from.sender().cancel(cancel.request());
                loops.all().forEach(loop -> loop.said(from, message));
            }
            case Message.GetHead(ManifestId id) -> answers.head(from, id);
            case Message.GetPage(Hash hash) -> answers.page(from, hash);
            case Message.GetDocument(Hash hash) -> answers.document(from, hash);
            case Message.GetHeaders question -> answers.headers(from, question);
            case Message.Headers headers -> answered(from, headers);
            case Message.Head head -> answered(from, head);
            case Message.PageBytes page -> answered(from, page);
            case Message.Document document -> answered(from, document);
            case Message.NotHere(Hash hash) -> {
                gets.notHere(from.host(), hash);
                headerGets.notHere(from.host(), new ManifestId(hash));
            }
            case Message.Documents(List<Hash> hashes) -> listener.get().documents(from.host(), hashes);
            case Message.Peers(List<PeerAddress> known) -> {
                if (from.mayTellOfPeers()) {
                    listener.get().peers(known);
                }
            }
            case Message.Here here -> listener.get().here(from.link(), here);
            case Message.Hello _, Message.Ping _, Message.Pong _ -> {}
        }
    }

    private void toSwarm(Connection from, ManifestId manifest, Message message) {
        SwarmLoop loop = loops.get(manifest);
        if (loop != null) {
            loop.said(from, message);
            return;
        }
        switch (message) {
            case Message.Participate _ -> from.link().send(new Message.Leave(manifest));
            case Message.Request request -> refuse(from, request.request());
            case Message.Credit credit -> refuse(from, credit.request());
            default -> {} // It was told already, or will be.
        }
    }

    private static void refuse(Connection to, int request) {
        to.link().send(new Message.Refuse(request, Message.Refuse.Reason.NOT_HERE, 0));
    }

    private void toAsker(Connection from, int request, Message message) {
        SwarmLoop loop = loops.ofRequest(request);
        if (loop != null) {
            loop.said(from, message);
        } else {
            from.unasked(message);
        }
    }

    private void answered(Connection from, Message.Answer answer) {
        if (gets.answered(from.host(), answer) && !(answer instanceof Message.Document)) {
            counted.accept(from, answer.bytes().remaining());
        }
    }

    private void answered(Connection from, Message.Headers answer) {
        if (headerGets.answered(from.host(), answer)) {
            counted.accept(from, answer.bytes());
        }
    }
}
