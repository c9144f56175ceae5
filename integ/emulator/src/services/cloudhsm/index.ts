import { cloudhsmClient } from './client/service';
import { cloudhsmHsm } from './hsm/service';
import { cloudhsmv2 } from './service';
import type { Service } from '../../wire/operation';

/** Control plane, HSMs and client tools. */
export function cloudhsmServices(): Service[] {
  return [cloudhsmv2, cloudhsmHsm, cloudhsmClient()];
}
