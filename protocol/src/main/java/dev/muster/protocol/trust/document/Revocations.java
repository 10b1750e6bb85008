package dev.muster.protocol.trust.document;

import dev.muster.protocol.MusterException.Corrupt;
import dev.muster.protocol.MusterException.Refused;
import dev.muster.protocol.codec.ByteReader;
import dev.muster.protocol.codec.ByteWriter;
import dev.muster.protocol.content.Hash;
import dev.muster.protocol.trust.key.SigningKey;
import dev.muster.protocol.trust.key.Subject;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/// What the release keys have taken back: releases, all releases of a name below a floor, members of the fleet. The
/// list with the highest number holds alone.
///
/// @param number 1 for a fleet's first, then higher each time
/// @param created epoch milliseconds
/// @param releases hashes of release documents that no host may go to
/// @param floors by name, the lowest counter that a release may have
public record Revocations(
        long number, long created, SortedSet<Hash> releases, SortedMap<String, Long> floors, Members members) {
    public static final int RELEASES_MAX = 4096;
    public static final int FLOORS_MAX = 4096;
    public static final int MEMBERS_MAX = 8192;

    /// In the order of the format; operators are all people, whatever they may do.
    private static final List<Subject.Role> LISTED =
            List.of(Subject.Role.HOST, Subject.Role.COORDINATOR, Subject.Role.OPERATOR);

    public Revocations {
        releases = Collections.unmodifiableSortedSet(new TreeSet<>(releases));
        floors = Collections.unmodifiableSortedMap(new TreeMap<>(floors));
        if (number < 0 || created < 0 || releases.size() > RELEASES_MAX || floors.size() > FLOORS_MAX) {
            throw new IllegalArgumentException("not a revocation list: number " + number + ", created " + created + ", "
                    + releases.size() + " releases, " + floors.size() + " floors");
        }
        floors.forEach((name, counter) -> {
            Names.require("name", name);
            if (counter < 1) {
                throw new IllegalArgumentException("a floor is at least 1, not " + counter);
            }
        });
    }

    /// Who is shut out, by id.
    public record Members(SortedSet<String> hosts, SortedSet<String> operators, SortedSet<String> coordinators) {
        public Members {
            hosts = checked(hosts);
            operators = checked(operators);
            coordinators = checked(coordinators);
            if (hosts.size() + operators.size() + coordinators.size() > MEMBERS_MAX) {
                throw new IllegalArgumentException("at most 8,192 members can be revoked");
            }
        }

        public static Members none() {
            return new Members(new TreeSet<>(), new TreeSet<>(), new TreeSet<>());
        }

        /// Those of one role.
        public SortedSet<String> of(Subject.Role role) {
            return switch (role) {
                case HOST -> hosts;
                case VIEWER, OPERATOR, ADMIN -> operators;
                case COORDINATOR -> coordinators;
            };
        }

        /// These and one more.
        public Members with(Subject.Role role, String id) {
            return switch (role) {
                case HOST -> new Members(plus(hosts, id), operators, coordinators);
                case VIEWER, OPERATOR, ADMIN -> new Members(hosts, plus(operators, id), coordinators);
                case COORDINATOR -> new Members(hosts, operators, plus(coordinators, id));
            };
        }

        private static SortedSet<String> checked(SortedSet<String> ids) {
            ids.forEach(id -> Names.require("member", id));
            return Collections.unmodifiableSortedSet(new TreeSet<>(ids));
        }
    }

    /// Nothing is revoked: what holds where there is no list. It is number 0 and is never signed.
    public static Revocations none() {
        return new Revocations(0, 0, new TreeSet<>(), new TreeMap<>(), Members.none());
    }

    public boolean isRevoked(Subject member) {
        return members.of(member.role()).contains(member.id());
    }

    /// Whether no host may go to this release.
    public boolean isRevoked(Signed<Release> release) {
        Release document = release.document();
        return releases.contains(release.hash())
                || document.counter() < floor(document.name().name());
    }

    /// The lowest counter that a release of this name may have.
    public long floor(String name) {
        return floors.getOrDefault(name, 0L);
    }

    /// The next list, which takes back this release too.
    public Revocations withRelease(Hash release, long now) {
        return new Revocations(number + 1, now, plus(releases, release), floors, members);
    }

    /// The next list, which takes back all releases of that name below this counter too.
    public Revocations withFloor(String name, long counter, long now) {
        SortedMap<String, Long> more = new TreeMap<>(floors);
        more.put(name, counter);
        return new Revocations(number + 1, now, releases, more, members);
    }

    /// The next list, which shuts out this member too.
    public Revocations withMember(Subject.Role role, String id, long now) {
        return new Revocations(number + 1, now, releases, floors, members.with(role, id));
    }

    /// Signs by these keys; more can sign later.
    public Envelope sign(Collection<SigningKey> keys) {
        if (number < 1) {
            throw new IllegalArgumentException("lists are numbered from 1, not " + number);
        }
        return Envelope.sign(Type.REVOCATIONS, encode(), keys);
    }

    /// The list in the envelope, if enough release keys of `root` signed it.
    public static Signed<Revocations> verify(Envelope envelope, Root root) throws Refused {
        var signers = root.verify(envelope, KeyRole.RELEASE);
        return new Signed<>(unverified(envelope), signers, envelope);
    }

    /// The list in the envelope, of which no signature was verified: for those who look at it in order to sign.
    public static Revocations unverified(Envelope envelope) throws Refused {
        return envelope.parse(Type.REVOCATIONS, Revocations::read, Revocations::encode);
    }

    byte[] encode() {
        ByteWriter out = new ByteWriter(1024).u64(number).u64(created).u16(releases.size());
        releases.forEach(release -> release.write(out));
        out.u16(floors.size());
        floors.forEach((name, counter) -> out.text(name).u64(counter));
        for (Subject.Role role : LISTED) {
            out.u16(members.of(role).size());
            members.of(role).forEach(out::text);
        }
        return out.toBytes();
    }

    private static Revocations read(ByteReader in) throws Corrupt {
        long number = in.u64();
        long created = in.u64();
        if (number < 1) {
            throw in.refuse("a number of at least 1", number);
        }
        SortedSet<Hash> releases = new TreeSet<>();
        int releaseCount = in.u16(RELEASES_MAX);
        for (int i = 0; i < releaseCount; i++) {
            releases.add(Hash.read(in));
        }
        SortedMap<String, Long> floors = new TreeMap<>();
        int floorCount = in.u16(FLOORS_MAX);
        for (int i = 0; i < floorCount; i++) {
            floors.put(in.text(Names.LABEL_BYTES_MAX), in.u64());
        }
        Members members = Members.none();
        for (Subject.Role role : LISTED) {
            members = readIds(in, role, members);
        }
        return new Revocations(number, created, releases, floors, members);
    }

    private static Members readIds(ByteReader in, Subject.Role role, Members before) throws Corrupt {
        SortedSet<String> ids = new TreeSet<>();
        int count = in.u16(MEMBERS_MAX);
        for (int i = 0; i < count; i++) {
            ids.add(in.text(Names.LABEL_BYTES_MAX));
        }
        return switch (role) {
            case HOST -> new Members(ids, before.operators, before.coordinators);
            case VIEWER, OPERATOR, ADMIN -> new Members(before.hosts, ids, before.coordinators);
            case COORDINATOR -> new Members(before.hosts, before.operators, ids);
        };
    }

    private static <T extends Comparable<? super T>> SortedSet<T> plus(SortedSet<T> set, T more) {
        SortedSet<T> out = new TreeSet<>(set);
        out.add(more);
        return out;
    }
}
