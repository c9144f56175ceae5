import {
  BaseBlock, BitString, Boolean as Asn1Boolean, Constructed, fromBER, GeneralizedTime, Integer, Null, ObjectIdentifier, OctetString, Primitive,
  Sequence, UTCTime, Utf8String,
} from 'asn1js';
import { wholeSeconds } from './validity';

/*
 * Reading and writing DER with asn1js, with one rule on top: whatever is copied from somebody else (subjects, public keys) is copied as the bytes
 * it arrived in, never decoded and encoded again. asn1js alone would do the latter, and its RawData is lost inside of a sequence.
 */

/** Reads one value that fills the input. */
export function decode(der: Uint8Array): BaseBlock {
  const { offset, result } = fromBER(der);
  if (offset === -1) {
    throw new Error(result.error || 'not DER');
  }
  if (offset !== der.byteLength) {
    throw new Error(`${der.byteLength - offset} bytes follow after its end`);
  }
  return result;
}

/** The members of a SEQUENCE, a SET or an explicit tag. */
export function members(block: BaseBlock | undefined): BaseBlock[] {
  if (!(block instanceof Constructed)) {
    throw new Error('a part that should have members has none');
  }
  return block.valueBlock.value;
}

export function sequenceMembers(block: BaseBlock | undefined): BaseBlock[] {
  if (!(block instanceof Sequence)) {
    throw new Error('a SEQUENCE was expected');
  }
  return members(block);
}

/** The exact bytes, tag and length included, that this block was read from. */
export function bytesOf(block: BaseBlock | undefined): Uint8Array {
  if (!block || block.valueBeforeDecodeView.byteLength === 0) {
    throw new Error('a part is missing');
  }
  return block.valueBeforeDecodeView.slice();
}

export function oidOf(block: BaseBlock | undefined): string {
  if (!(block instanceof ObjectIdentifier)) {
    throw new Error('an OBJECT IDENTIFIER was expected');
  }
  return block.getValue();
}

/** The bytes of a BIT STRING of flags, whose last ones may be padding. */
export function bitsWithPadding(block: BaseBlock | undefined): Uint8Array {
  if (!(block instanceof BitString)) {
    throw new Error('a BIT STRING was expected');
  }
  return new Uint8Array(block.valueBlock.valueHexView);
}

/** The content of a BIT STRING, which must be whole bytes (keys and signatures are). */
export function bitsOf(block: BaseBlock | undefined): Uint8Array {
  if (!(block instanceof BitString) || block.valueBlock.unusedBits !== 0) {
    throw new Error('a BIT STRING of whole bytes was expected');
  }
  return new Uint8Array(block.valueBlock.valueHexView);
}

export function octetsOf(block: BaseBlock | undefined): Uint8Array {
  if (!(block instanceof OctetString)) {
    throw new Error('an OCTET STRING was expected');
  }
  return new Uint8Array(block.valueBlock.valueHexView);
}

export function integerOf(block: BaseBlock | undefined): Uint8Array {
  if (!(block instanceof Integer)) {
    throw new Error('an INTEGER was expected');
  }
  return new Uint8Array(block.valueBlock.valueHexView);
}

export function timeOf(block: BaseBlock | undefined): Date {
  if (block instanceof UTCTime || block instanceof GeneralizedTime) {
    return block.toDate();
  }
  throw new Error('a time was expected');
}

/** Whether this is the context-specific tag [number]. */
export function isTagged(block: BaseBlock | undefined, number: number): block is BaseBlock {
  return block !== undefined && block.idBlock.tagClass === 3 && block.idBlock.tagNumber === number;
}

/** What is inside of a primitive tag. */
export function taggedContent(block: BaseBlock): Uint8Array {
  if (!(block instanceof Primitive)) {
    throw new Error('a primitive tag was expected');
  }
  return new Uint8Array(block.valueBlock.valueHexView);
}

function encode(block: BaseBlock): Uint8Array {
  return new Uint8Array(block.toBER());
}

/** A tag around bytes that are encoded already. A Primitive, because it is the one block of asn1js that writes its content untouched. */
function wrap(tagClass: number, tagNumber: number, isConstructed: boolean, content: Uint8Array[]): Uint8Array {
  const block = new Primitive({ idBlock: { tagClass, tagNumber }, valueHex: new Uint8Array(Buffer.concat(content)) });
  block.idBlock.isConstructed = isConstructed;
  return encode(block);
}

const UNIVERSAL = 1;
const CONTEXT = 3;

export const sequence = (...encoded: Uint8Array[]) => wrap(UNIVERSAL, 16, true, encoded);
/** A SET of one: more would have to be sorted. */
export const setOfOne = (encoded: Uint8Array) => wrap(UNIVERSAL, 17, true, [encoded]);
export const explicitTag = (number: number, encoded: Uint8Array) => wrap(CONTEXT, number, true, [encoded]);
export const implicitTag = (number: number, content: Uint8Array) => wrap(CONTEXT, number, false, [content]);
export const oid = (value: string) => encode(new ObjectIdentifier({ value }));
export const utf8 = (value: string) => encode(new Utf8String({ value }));
export const nullValue = () => encode(new Null());
export const trueValue = () => encode(new Asn1Boolean({ value: true }));
export const smallInteger = (value: number) => encode(new Integer({ value }));
/** Big-endian bytes whose first bit is 0 and whose first byte is not. */
export const bigInteger = (bytes: Uint8Array) => encode(new Integer({ valueHex: bytes }));
export const octetString = (bytes: Uint8Array) => encode(new OctetString({ valueHex: bytes }));
export const bitString = (bytes: Uint8Array, unusedBits = 0) => encode(new BitString({ valueHex: bytes, unusedBits }));

/** RFC 5280, 4.1.2.5: UTCTime through 2049, GeneralizedTime from 2050 on; whole seconds, always Z. */
export function time(date: Date): Uint8Array {
  const valueDate = wholeSeconds(date);
  const year = valueDate.getUTCFullYear();
  return encode(year >= 1950 && year < 2050 ? new UTCTime({ valueDate }) : new GeneralizedTime({ valueDate }));
}
