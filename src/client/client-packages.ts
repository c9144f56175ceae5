import type * as s3 from 'aws-cdk-lib/aws-s3';
import type { ClientPlatform } from './client-platform';
import type { ClientSoftware } from './client-software';
import { PUBLISHED_CHECKSUMS } from './published-checksums';

/** Where client packages come from when they are in a bucket of yours. */
export interface BucketPackagesOptions {
  /**
   * Folder in the bucket.
   *
   * @default - the top
   */
  readonly prefix?: string;

  /** Version of the packages, for instance `5.18.0`. */
  readonly version: string;

  /**
   * SHA-256 sums by file name. A file with a sum that does not fit is not installed.
   *
   * @default - those that AWS publishes, as of version 5.18.0; files of other versions are not checked
   */
  readonly checksums?: { [fileName: string]: string };
}

/** A fixed version of AWS's client packages. */
export interface PinnedPackagesOptions {
  /**
   * SHA-256 sums by file name, as AWS publishes them beside the downloads. A file with a sum that does not fit is not installed.
   *
   * @default - those of version 5.18.0 are known; files of other versions are not checked
   * @see https://docs.aws.amazon.com/cloudhsm/latest/userguide/latest-releases.html
   */
  readonly checksums?: { [fileName: string]: string };
}

/**
 * Where the packages of the CloudHSM client come from, and which version.
 *
 * @see https://docs.aws.amazon.com/cloudhsm/latest/userguide/latest-releases.html
 */
export class ClientPackages {
  /** The newest version, from AWS's bucket. It has no fixed checksum. */
  public static latest(): ClientPackages {
    return new ClientPackages(AWS_SOURCE, 'latest', {});
  }

  /**
   * A fixed version, from AWS's bucket. AWS takes old versions down in time: mirror what must stay installable.
   *
   * @param version for instance `5.18.0`
   */
  public static pinned(version: string, options: PinnedPackagesOptions = {}): ClientPackages {
    return new ClientPackages(AWS_SOURCE, version, { ...PUBLISHED_CHECKSUMS[version], ...options.checksums });
  }

  /** A fixed version, from a bucket of yours, under AWS's file names. */
  public static fromBucket(bucket: s3.IBucket, options: BucketPackagesOptions): ClientPackages {
    const folder = options.prefix ? `/${options.prefix.replace(/^\/|\/$/g, '')}` : '';
    return new ClientPackages(`s3://${bucket.bucketName}${folder}`, options.version, { ...PUBLISHED_CHECKSUMS[options.version], ...options.checksums }, bucket);
  }

  private constructor(
    private readonly source: string,
    /** Version, or `latest`. */
    public readonly version: string,
    /** SHA-256 sums by file name. */
    public readonly checksums: { [fileName: string]: string },
    /** The bucket, when it is yours. */
    public readonly bucket?: s3.IBucket,
  ) {}

  /**
   * Sums of the files that may be installed on a platform, as `<sum> <file>`: a script has little room.
   *
   * @internal
   */
  public _checksumsFor(platform: ClientPlatform, software: readonly ClientSoftware[]): string[] {
    const names = software.map((one) => one._packageOn(platform));
    const isWanted = (file: string) => {
      return file.includes(platform.packagePlatform) && names.some((name) => file.startsWith(`${name}-`) || file.startsWith(`${name}_`));
    };
    return Object.entries(this.checksums).filter(([file]) => isWanted(file)).map(([file, sum]) => `${sum} ${file}`);
  }

  /** Folder that a platform's files are in, as a URL. AWS has a folder for each, a bucket of yours one for all. */
  public sourceFor(platform: ClientPlatform): string {
    return this.bucket ? this.source : `${this.source}/${platform.packageFolder}`;
  }
}

/** Folders for all platforms are in it. */
const AWS_SOURCE = 'https://s3.amazonaws.com/cloudhsmv2-software/CloudHsmClient';
