import { newId } from './ids';
import { volumes } from './state';
import type { Volume } from './state';
import type { Context } from '../../wire/operation';

export function addVolume(context: Context, volume: Omit<Volume, 'id' | 'createdAt'>): Volume {
  const id = newId(context, 'vol');
  const kmsKeyId = volume.encrypted ? volume.kmsKeyId ?? context.arn('kms', 'alias/aws/ebs') : undefined;
  return volumes(context).put(id, { id, createdAt: context.now, ...volume, kmsKeyId });
}
