import type { HttpRequest } from './http';
import { header } from './http';

const IS_ADDRESS = /^(\d{1,3}(\.\d{1,3}){3}|\[[0-9a-fA-F:]+\])$/;

/** `<bucket>.s3.<region>.amazonaws.com`, `<bucket>.s3-<region>…`, `<bucket>.s3-website…`, and their dual-stack and China forms. */
const VIRTUAL_HOST = /^(.+)\.s3(?:[.-](?:dualstack\.|fips\.|accesspoint\.)*[a-z0-9-]+)*(?:\.[a-z0-9-]+)?\.amazonaws\.com(?:\.cn)?$/;

/** The bucket that stands in the Host header, if one does; in path style there is none. */
export function bucketOfHost(host: string | undefined): string | undefined {
  const name = (host ?? '').replace(/:\d+$/, '').toLowerCase();
  if (name === '' || name === 'localhost' || IS_ADDRESS.test(name)) return undefined;
  return VIRTUAL_HOST.exec(name)?.[1] ?? /^(.+?)\.(?:s3\.)?localhost(?:\.localstack\.cloud)?$/.exec(name)?.[1];
}

/** The path as if the bucket had been in it. */
export function pathWithBucket(http: HttpRequest): string {
  const bucket = bucketOfHost(header(http.headers, 'host'));
  return bucket === undefined || bucket === 's3' ? http.path : `/${bucket}${http.path}`;
}
