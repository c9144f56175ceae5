import * as ec2 from 'aws-cdk-lib/aws-ec2';

/** What a platform is made of. */
interface PlatformChoices {
  readonly packageFolder: string;
  readonly packagePlatform: string;
  /** Of the public parameter with the newest image, by the architecture as AWS's packages spell it. */
  readonly imageParameter?: (architecture: 'x86_64' | 'arm64') => string;
  readonly rootDevice: string;
  /** At least what the images of the platform have. */
  readonly rootSize: number;
  readonly operatingSystemType?: ec2.OperatingSystemType;
}

/**
 * An operating system that AWS publishes the CloudHSM client for, on x86_64 and arm64; for Windows Server on x86_64 only.
 *
 * @see https://docs.aws.amazon.com/cloudhsm/latest/userguide/client-supported-platforms.html
 */
export class ClientPlatform {
  /** Amazon Linux 2023. */
  public static readonly AMAZON_LINUX_2023 = new ClientPlatform('Amazon Linux 2023', {
    packageFolder: 'Amzn2023',
    packagePlatform: 'amzn2023',
    imageParameter: (architecture) => `/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-${architecture}`,
    rootDevice: '/dev/xvda',
    rootSize: 8,
  });

  /** Ubuntu 22.04. */
  public static readonly UBUNTU_22_04 = ClientPlatform.ubuntu('22.04', 'Jammy', 'ebs-gp2');

  /** Ubuntu 24.04. */
  public static readonly UBUNTU_24_04 = ClientPlatform.ubuntu('24.04', 'Noble', 'ebs-gp3');

  /** Red Hat Enterprise Linux 8, from 8.3 on. Red Hat publishes no parameter with its newest image: an image must be given. */
  public static readonly RHEL_8 = ClientPlatform.redHat(8);

  /** Red Hat Enterprise Linux 9, from 9.2 on. Red Hat publishes no parameter with its newest image: an image must be given. */
  public static readonly RHEL_9 = ClientPlatform.redHat(9);

  /** Red Hat Enterprise Linux 10. Red Hat publishes no parameter with its newest image: an image must be given. */
  public static readonly RHEL_10 = ClientPlatform.redHat(10);

  /** Windows Server 2016. */
  public static readonly WINDOWS_SERVER_2016 = ClientPlatform.windows(2016);

  /** Windows Server 2019. */
  public static readonly WINDOWS_SERVER_2019 = ClientPlatform.windows(2019);

  /** Windows Server 2022. */
  public static readonly WINDOWS_SERVER_2022 = ClientPlatform.windows(2022);

  /** Windows Server 2025. */
  public static readonly WINDOWS_SERVER_2025 = ClientPlatform.windows(2025);

  /** @see https://docs.aws.amazon.com/ec2/latest/windows-ami-reference/finding-windows-ami.html */
  private static windows(version: number): ClientPlatform {
    return new ClientPlatform(`Windows Server ${version}`, {
      packageFolder: 'Windows',
      packagePlatform: '.msi',
      imageParameter: () => `/aws/service/ami-windows-latest/Windows_Server-${version}-English-Full-Base`,
      rootDevice: '/dev/sda1',
      rootSize: 30,
      operatingSystemType: ec2.OperatingSystemType.WINDOWS,
    });
  }

  /** @see https://documentation.ubuntu.com/aws/aws-how-to/instances/find-ubuntu-images/ */
  private static ubuntu(version: string, packageFolder: string, volume: string): ClientPlatform {
    return new ClientPlatform(`Ubuntu ${version}`, {
      packageFolder,
      packagePlatform: `u${version}`,
      imageParameter: (architecture) => {
        return `/aws/service/canonical/ubuntu/server/${version}/stable/current/${architecture === 'arm64' ? 'arm64' : 'amd64'}/hvm/${volume}/ami-id`;
      },
      rootDevice: '/dev/sda1',
      rootSize: 8,
    });
  }

  private static redHat(version: number): ClientPlatform {
    return new ClientPlatform(`Red Hat Enterprise Linux ${version}`, {
      packageFolder: `EL${version}`, packagePlatform: `el${version}`, rootDevice: '/dev/sda1', rootSize: 10,
    });
  }

  /** Name of AWS's folder with the packages, for instance `Amzn2023`. */
  public readonly packageFolder: string;

  /** How the names of the packages spell the platform, for instance `amzn2023`; packages for Windows name no platform. */
  public readonly packagePlatform: string;

  /** Kind of operating system. */
  public readonly operatingSystemType: ec2.OperatingSystemType;

  private constructor(
    /** Name of the operating system. */
    public readonly name: string,
    private readonly choices: PlatformChoices,
  ) {
    this.packageFolder = choices.packageFolder;
    this.packagePlatform = choices.packagePlatform;
    this.operatingSystemType = choices.operatingSystemType ?? ec2.OperatingSystemType.LINUX;
  }

  /**
   * The newest image, resolved when an instance is launched: a deploy never replaces one because a newer image is out. Nothing where the image must be
   * given.
   */
  public latestImage(architecture: ec2.InstanceArchitecture): ec2.IMachineImage | undefined {
    const parameter = this.choices.imageParameter?.(architecture === ec2.InstanceArchitecture.ARM_64 ? 'arm64' : 'x86_64');
    return parameter === undefined ? undefined : ec2.MachineImage.resolveSsmParameterAtLaunch(parameter, { os: this.operatingSystemType });
  }

  /** An encrypted root volume for images of the platform. */
  public encryptedRoot(): ec2.BlockDevice {
    const { rootDevice, rootSize } = this.choices;
    return {
      deviceName: rootDevice,
      volume: ec2.BlockDeviceVolume.ebs(rootSize, { encrypted: true, volumeType: ec2.EbsDeviceVolumeType.GP3, deleteOnTermination: true }),
    };
  }

  /** The name of the operating system. */
  public toString(): string {
    return this.name;
  }
}
