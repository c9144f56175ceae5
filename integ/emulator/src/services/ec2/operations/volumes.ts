import type { Context, Output } from '../../../wire/operation';
import { find } from '../find';
import { list } from '../listing';
import type { ListInput } from '../listing';
import { refuse } from '../refusals';
import { instances, volumes } from '../state';
import type { Volume } from '../state';
import { checkTagTypes, dropTags, tagNew, tagsOf } from '../tags';
import type { WithTags } from '../tags';
import { addVolume } from '../volume-records';
import { chosenZone } from '../zones';

interface CreateInput extends WithTags {
  readonly AvailabilityZone?: string;
  readonly Size?: number;
  readonly SnapshotId?: string;
  readonly VolumeType?: string;
  readonly Iops?: number;
  readonly Throughput?: number;
  readonly Encrypted?: boolean;
  readonly KmsKeyId?: string;
}

/** Records only: nothing is stored on them. */
export function createVolume(context: Context, input: CreateInput): Output {
  checkTagTypes(context, input, 'volume');
  if (input.Size === undefined && input.SnapshotId === undefined) throw refuse(context, 'volume-size-missing');
  const volume = addVolume(context, {
    zone: chosenZone(context, input.AvailabilityZone, undefined),
    size: input.Size ?? 8,
    type: input.VolumeType ?? 'gp2',
    iops: input.Iops,
    throughput: input.Throughput,
    encrypted: input.Encrypted ?? input.KmsKeyId !== undefined,
    kmsKeyId: input.KmsKeyId,
    snapshotId: input.SnapshotId,
  });
  tagNew(context, input, 'volume', volume.id);
  return { ...view(context, volume), State: 'creating' };
}

export function deleteVolume(context: Context, { VolumeId }: { VolumeId: string }): Output {
  const volume = volumeOf(context, VolumeId);
  if (volume.attachment) throw refuse(context, 'volume-in-use', volume.id, volume.attachment.instanceId);
  volumes(context).delete(volume.id);
  dropTags(context, volume.id);
  return {};
}

export function attachVolume(context: Context, input: { VolumeId: string; InstanceId: string; Device: string }): Output {
  const volume = volumeOf(context, input.VolumeId);
  const instance = find(context, instances(context), 'i', 'instance', input.InstanceId);
  if (volume.attachment) throw refuse(context, 'volume-attached', volume.id);
  if (volume.zone !== instance.zone) throw refuse(context, 'volume-zone', volume.id, instance.id);
  const attachment = { instanceId: instance.id, device: input.Device, deleteOnTermination: false, attachedAt: context.now };
  const attached = volumes(context).put(volume.id, { ...volume, attachment });
  instances(context).put(instance.id, {
    ...instance,
    devices: [...instance.devices, { device: input.Device, volumeId: volume.id, deleteOnTermination: false, attachedAt: context.now }],
  });
  return { ...attachmentView(context, attached), State: 'attaching' };
}

export function detachVolume(context: Context, { VolumeId }: { VolumeId: string }): Output {
  const volume = volumeOf(context, VolumeId);
  if (!volume.attachment) throw refuse(context, 'volume-available', volume.id);
  const last = attachmentView(context, volume);
  const { attachment, ...free } = volume;
  volumes(context).put(volume.id, free);
  const instance = instances(context).get(attachment.instanceId);
  if (instance) instances(context).put(instance.id, { ...instance, devices: instance.devices.filter(({ volumeId }) => volumeId !== volume.id) });
  return { ...last, State: 'detaching' };
}

export function describeVolumes(context: Context, input: ListInput & { VolumeIds?: string[] }): Output {
  const { page, NextToken } = list(context, input, {
    records: volumes(context).values(),
    idOf: (volume) => volume.id,
    ids: input.VolumeIds,
    missing: 'volume',
    filters: {
      'volume-id': (volume) => volume.id,
      'availability-zone': (volume) => volume.zone,
      'encrypted': (volume) => volume.encrypted,
      'size': (volume) => volume.size,
      'status': (volume) => (volume.attachment ? 'in-use' : 'available'),
      'volume-type': (volume) => volume.type,
      'snapshot-id': (volume) => volume.snapshotId,
      'attachment.instance-id': (volume) => volume.attachment?.instanceId,
      'attachment.device': (volume) => volume.attachment?.device,
      'attachment.delete-on-termination': (volume) => volume.attachment?.deleteOnTermination,
      'attachment.status': (volume) => volume.attachment && 'attached',
    },
  });
  return { Volumes: page.map((volume) => view(context, volume)), NextToken };
}

export function getEbsEncryptionByDefault(): Output {
  return { EbsEncryptionByDefault: false };
}

export function getEbsDefaultKmsKeyId(): Output {
  return { KmsKeyId: 'alias/aws/ebs' };
}

function volumeOf(context: Context, id: string): Volume {
  return find(context, volumes(context), 'vol', 'volume', id);
}

function attachmentView(context: Context, { id, attachment }: Volume): Output {
  return {
    VolumeId: id,
    InstanceId: attachment?.instanceId,
    Device: attachment?.device,
    DeleteOnTermination: attachment?.deleteOnTermination,
    State: 'attached',
    AttachTime: attachment && new Date(context.kernel.hostTime(attachment.attachedAt)),
  };
}

function view(context: Context, volume: Volume): Output {
  return {
    VolumeId: volume.id,
    AvailabilityZone: volume.zone,
    Size: volume.size,
    VolumeType: volume.type,
    Iops: volume.iops ?? (volume.type === 'gp3' ? 3000 : undefined),
    Throughput: volume.throughput ?? (volume.type === 'gp3' ? 125 : undefined),
    Encrypted: volume.encrypted,
    KmsKeyId: volume.kmsKeyId,
    SnapshotId: volume.snapshotId ?? '',
    State: volume.attachment ? 'in-use' : 'available',
    CreateTime: new Date(context.kernel.hostTime(volume.createdAt)),
    Attachments: volume.attachment ? [attachmentView(context, volume)] : [],
    MultiAttachEnabled: false,
    Tags: tagsOf(context, volume.id),
  };
}
