/// Keys, signatures and certificates.
///
/// ## Signing keys
/// A signer has one key pair per [Algorithm] and one name for all of them:
/// [KeyId] = SHA-256(`"MK1"` | per algorithm in ascending order: u8 algorithm, u32 length, X.509 public key), integers
/// little-endian. A [SigningKey] lies in a PEM file (RFC 7468): per algorithm a `PRIVATE KEY` (PKCS#8, RFC 5958) and a
/// `PUBLIC KEY` (RFC 5280), readable by its owner only.
///
/// ## Certificates
/// ```
/// CA root, offline ── intermediate, on a coordinator ── leaf: a host, coordinator or operator
/// ```
/// All are X.509 with ECDSA P-256. Who somebody is stands in one place only, the URI `muster://FLEET/ROLE/ID` among the
/// alternative names of the leaf: see [Subject]. A chain is always sent whole, leaf to root, and [FleetTrust] accepts
/// it because the SHA-256 of its root stands in the fleet's root document. Host names and addresses are not checked:
/// hosts move, identities do not.
///
/// BouncyCastle makes certificates and requests; everything else is the JDK's.
@NullMarked
package dev.muster.protocol.trust.key;

import org.jspecify.annotations.NullMarked;
