import type { Context, Output } from '../../../wire/operation';
import { isId } from '../ids';
import { images } from '../images';
import type { Image } from '../images';
import { list } from '../listing';
import type { ListInput } from '../listing';
import { refuse } from '../refusals';
import { tagsOf } from '../tags';

interface DescribeImagesInput extends ListInput {
  readonly ImageIds?: readonly string[];
  readonly Owners?: readonly string[];
  readonly ExecutableUsers?: readonly string[];
}

/** Images of Amazon and of verified providers, who share its alias, so that asking for one's own finds none. */
export function describeImages(context: Context, input: DescribeImagesInput): Output {
  const asked = input.Owners ?? [];
  const isAsked = ({ owner }: Image) => asked.length === 0 || asked.includes('amazon') || asked.includes(owner);
  input.ImageIds?.forEach((id) => imageOf(context, id));
  const { page, NextToken } = list(context, input, {
    records: images(context).filter(isAsked),
    idOf: (image) => image.id,
    ids: input.ImageIds,
    missing: 'image',
    filters: {
      'image-id': (image) => image.id,
      'name': (image) => image.name,
      'description': (image) => image.description,
      'architecture': (image) => image.architecture,
      'creation-date': (image) => image.createdAt,
      'owner-alias': () => 'amazon',
      'owner-id': (image) => image.owner,
      'is-public': () => true,
      'image-type': () => 'machine',
      'platform': () => undefined,
      'platform-details': () => 'Linux/UNIX',
      'root-device-name': (image) => image.rootDevice,
      'root-device-type': () => 'ebs',
      'block-device-mapping.volume-type': () => 'gp3',
      'state': () => 'available',
      'virtualization-type': () => 'hvm',
      'hypervisor': () => 'xen',
      'ena-support': () => true,
    },
  });
  return { Images: page.map((image) => view(context, image)), NextToken };
}

export function imageOf(context: Context, id: string): Image {
  const image = images(context).find((candidate) => candidate.id === id);
  if (image) return image;
  throw refuse(context, isId('ami', id) ? 'image' : 'image-malformed', id);
}

function view(context: Context, image: Image): Output {
  return {
    ImageId: image.id,
    Name: image.name,
    Description: image.description,
    ImageLocation: `amazon/${image.name}`,
    ImageOwnerAlias: 'amazon',
    OwnerId: image.owner,
    Public: true,
    State: 'available',
    CreationDate: image.createdAt,
    Architecture: image.architecture,
    ImageType: 'machine',
    PlatformDetails: 'Linux/UNIX',
    UsageOperation: 'RunInstances',
    VirtualizationType: 'hvm',
    Hypervisor: 'xen',
    EnaSupport: true,
    SriovNetSupport: 'simple',
    BootMode: image.architecture === 'arm64' ? 'uefi' : 'uefi-preferred',
    ImdsSupport: 'v2.0',
    RootDeviceName: image.rootDevice,
    RootDeviceType: 'ebs',
    BlockDeviceMappings: [{
      DeviceName: image.rootDevice,
      Ebs: {
        DeleteOnTermination: true,
        Encrypted: false,
        Iops: 3000,
        SnapshotId: `snap-${image.id.slice(4)}`,
        Throughput: 125,
        VolumeSize: image.rootSize,
        VolumeType: 'gp3',
      },
    }],
    Tags: tagsOf(context, image.id),
  };
}
