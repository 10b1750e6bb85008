/// The coordinator's HTTPS interface. Vert.x reads and writes on event loops; what an endpoint does, it does in
/// straight-line blocking code on a virtual thread of its own.
///
/// Hosts send and get the binary forms of `protocol.net` and `protocol.trust.document`; operators send and get JSON.
/// A client certificate is asked for and not required, because a host has none before it enrols; each endpoint says
/// [who may call it][dev.muster.coordinator.api.Access]. A certificate that is shown must be good.
/// Who may not call is refused before any of the request's body is kept.
///
/// | path | who | what |
/// |---|---|---|
/// | GET /v1/root | anybody | root documents |
/// | POST /v1/enrol | anybody with a token | `EnrolRequest`, answered by `Enrolment` |
/// | POST /v1/renew | member | certification request, answered by `Enrolment` |
/// | GET /v1/documents?after=REVISION&wait=SECONDS | member | `Documents`; one such request per caller |
/// | GET /v1/releases?after=REVISION&wait=SECONDS | member | `ReleaseList`; one such request per caller |
/// | GET /v1/documents/HASH | member | one envelope |
/// | GET /v1/releases/REF | member | the envelope of the release that a person means |
/// | GET /v1/manifests/ID/head | member | head of a manifest |
/// | POST /v1/reports | host | host report, answered by `Membership` |
/// | POST /v1/documents | admin | `{"document"}` in base64: a root, revocation list or pin |
/// | GET /v1/revocations | viewer | `{"document"}` in base64, or empty: the revocation list |
/// | POST /v1/roots | admin | `{"root"}` in base64: the next root document -> `{"number"}` |
/// | POST /v1/tokens | operator | `{"uses","ttlSeconds","site","labels"}` -> `{"token"}` |
/// | POST /v1/releases | operator | `{"release","heads":[]}` in base64 -> the image |
/// | GET /v1/images, /v1/images/REF | viewer | releases, and how many hosts have and keep them |
/// | PUT /v1/images/REF | operator | `{"retired"}`: lets the release go, or brings it back -> the image |
/// | POST /v1/pins | operator | `{"group","ref"}` or `{"group","withdraw":NAME}` -> the pin |
/// | GET /v1/rollouts, /v1/rollouts/ID, POST /v1/rollouts | viewer; operator | `{"group","ref"}`; rollouts and their
/// progress |
/// | GET /v1/capacity?group=GROUP&ref=REF&wiped=1 | viewer | what links can do, and who has REF |
/// | POST /v1/forecasts | operator | `{"group","ref","halfMillis","mostMillis","allMillis","bottleneck"}`: what is
/// expected of a rollout that is not started yet |
/// | GET /v1/groups, PUT /v1/groups/NAME | viewer; operator | `{"match":{}}` or `{"hosts":[]}`, and `"priority"` |
/// | GET /v1/hosts/ID, PUT, DELETE | viewer; operator; admin | one host; `{"site","labels"}`; DELETE revokes |
/// | GET /v1/status | viewer | every host, site, coordinator and swarm |
/// | POST /v1/operators | admin | `{"id","role","request"}` -> `{"enrolment"}`: a certificate for somebody |
/// | GET /v1/audit?after=NUMBER | viewer | entries of the audit log, as `AuditEntry` writes them |
/// | GET /healthz | anybody | `ok` |
/// | GET /metrics | member | Prometheus text |
///
/// A failure has the headers of `protocol.net.Failure` and the body `{"error":{"exit","reason","message"}}`.
@NullMarked
package dev.muster.coordinator.api;

import org.jspecify.annotations.NullMarked;
