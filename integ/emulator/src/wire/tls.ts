import { createPrivateKey, generateKeyPairSync, sign } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createSecureServer } from 'node:http2';
import type { AddressInfo, Socket } from 'node:net';
import { join } from 'node:path';
import { createSecureContext } from 'node:tls';
import type { SecureContext } from 'node:tls';
import { AsnConvert, OctetString } from '@peculiar/asn1-schema';
import {
  AlgorithmIdentifier, AttributeTypeAndValue, AttributeValue, BasicConstraints, Certificate, Extension, Extensions, GeneralName,
  KeyUsage, KeyUsageFlags, Name, RelativeDistinguishedName, SubjectAlternativeName, SubjectPublicKeyInfo, TBSCertificate, Validity, Version,
  id_ce_basicConstraints, id_ce_keyUsage, id_ce_subjectAltName,
} from '@peculiar/asn1-x509';

/** Names that a client without a server name may mean. */
const DEFAULT_NAME = 'localhost';

const ECDSA_WITH_SHA256 = '1.2.840.10045.4.3.2';
const COMMON_NAME = '2.5.4.3';
const DAY = 86_400_000;

/** Where AWS's names lead to: TLS on loopback, with a certificate for whatever name is asked for. */
export interface TlsServer {
  /** The certificate of the authority, for NODE_EXTRA_CA_CERTS and its like. */
  readonly caFile: string;
  /** The port; 0 until it listens. */
  port(): number;
  listen(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Hands decrypted requests, HTTP/1.1 and HTTP/2, to the handler that serves plain ones.
 *
 * @param folder keeps the authority, so that programs that were told to trust it can go on
 */
export function createTlsServer(handler: (request: IncomingMessage, response: ServerResponse) => void, folder: string): TlsServer {
  const authority = openAuthority(folder);
  const sockets = new Set<Socket>();
  const server = createSecureServer({
    allowHTTP1: true,
    ...authority.issue(DEFAULT_NAME),
    SNICallback: (name, done) => done(null, authority.contextFor(name)),
  }, (request, response) => {
    // HTTP/2 names its host differently; the rest of Node's two interfaces agrees as far as the handler goes.
    if (request.httpVersionMajor === 2) request.headers.host ??= request.authority;
    handler(request as unknown as IncomingMessage, response as unknown as ServerResponse);
  });
  server.on('secureConnection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  // A client that goes away in the middle of a handshake is its own affair.
  server.on('sessionError', () => undefined);
  server.on('tlsClientError', () => undefined);
  return {
    caFile: authority.file,
    port: () => (server.address() as AddressInfo | null)?.port ?? 0,
    listen: () => new Promise((listening, failed) => {
      server.once('error', failed);
      server.listen(0, '127.0.0.1', () => listening());
    }),
    close: () => new Promise((closed) => {
      sockets.forEach((socket) => socket.destroy());
      server.close(() => closed());
    }),
  };
}

interface Issued {
  readonly key: string;
  readonly cert: string;
}

interface Authority {
  readonly file: string;
  issue(name: string): Issued;
  contextFor(name: string): SecureContext;
}

/** Reads the authority of a folder, or makes it. Not part of the emulated state: it stands for the world's own trust. */
function openAuthority(folder: string): Authority {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, 'ca.pem');
  const keyFile = join(folder, 'ca-key.pem');
  if (!existsSync(file) || !existsSync(keyFile)) {
    const { privateKey, publicKey } = newKey();
    const name = nameOf('cloudhsm-emulator');
    writeFileSync(keyFile, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 });
    writeFileSync(file, certificate({ subject: name, issuer: name, publicKey, signer: privateKey, serial: 1, extensions: authorityExtensions() }));
  }
  const signer = createPrivateKey(readFileSync(keyFile));
  const issuer = nameOf('cloudhsm-emulator');
  const key = newKey();
  const pem = String(key.privateKey.export({ type: 'pkcs8', format: 'pem' }));
  const contexts = new Map<string, SecureContext>();
  let serial = Date.now();

  const issue = (name: string): Issued => ({
    key: pem,
    cert: certificate({
      subject: nameOf(name.slice(0, 64)), issuer, publicKey: key.publicKey, signer, serial: ++serial, extensions: [nameExtension(name)],
    }),
  });
  const contextFor = (name: string): SecureContext => {
    const context = contexts.get(name) ?? createSecureContext(issue(name));
    contexts.set(name, context);
    return context;
  };
  return { file, issue, contextFor };
}

function newKey(): { privateKey: KeyObject; publicKey: KeyObject } {
  return generateKeyPairSync('ec', { namedCurve: 'P-256' });
}

function nameOf(commonName: string): Name {
  return new Name([new RelativeDistinguishedName([
    new AttributeTypeAndValue({ type: COMMON_NAME, value: new AttributeValue({ utf8String: commonName }) }),
  ])]);
}

function authorityExtensions(): Extension[] {
  return [
    extension(id_ce_basicConstraints, new BasicConstraints({ cA: true })),
    extension(id_ce_keyUsage, new KeyUsage(KeyUsageFlags.keyCertSign | KeyUsageFlags.digitalSignature)),
  ];
}

function nameExtension(name: string): Extension {
  return extension(id_ce_subjectAltName, new SubjectAlternativeName([
    new GeneralName({ dNSName: name }),
    // For clients that connect to the address itself.
    new GeneralName({ iPAddress: '127.0.0.1' }),
  ]));
}

function extension(id: string, value: object): Extension {
  return new Extension({ extnID: id, critical: id !== id_ce_subjectAltName, extnValue: new OctetString(AsnConvert.serialize(value)) });
}

interface CertificateParts {
  readonly subject: Name;
  readonly issuer: Name;
  readonly publicKey: KeyObject;
  readonly signer: KeyObject;
  readonly serial: number;
  readonly extensions: Extension[];
}

function certificate({ subject, issuer, publicKey, signer, serial, extensions }: CertificateParts): string {
  const algorithm = new AlgorithmIdentifier({ algorithm: ECDSA_WITH_SHA256 });
  const tbsCertificate = new TBSCertificate({
    version: Version.v3,
    serialNumber: integer(serial),
    signature: algorithm,
    issuer,
    // A day back: functions' clocks may be anywhere near the host's; years ahead: emulated waits add up inside a function.
    validity: new Validity({ notBefore: new Date(Date.now() - DAY), notAfter: new Date(Date.now() + 3650 * DAY) }),
    subject,
    subjectPublicKeyInfo: AsnConvert.parse(publicKey.export({ type: 'spki', format: 'der' }), SubjectPublicKeyInfo),
    extensions: new Extensions(extensions),
  });
  const signatureValue = sign('sha256', Buffer.from(AsnConvert.serialize(tbsCertificate)), signer);
  const der = AsnConvert.serialize(new Certificate({ tbsCertificate, signatureAlgorithm: algorithm, signatureValue: toArrayBuffer(signatureValue) }));
  const body = Buffer.from(der).toString('base64').replace(/(.{64})/g, '$1\n').trimEnd();
  return `-----BEGIN CERTIFICATE-----\n${body}\n-----END CERTIFICATE-----\n`;
}

/** A positive number as DER wants it: no needless zeros, and no sign by accident. */
function integer(value: number): ArrayBuffer {
  const hex = value.toString(16);
  const bytes = Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex');
  return toArrayBuffer(bytes[0] & 0x80 ? Buffer.concat([Buffer.alloc(1), bytes]) : bytes);
}

function toArrayBuffer(bytes: Buffer): ArrayBuffer {
  return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length) as ArrayBuffer;
}
