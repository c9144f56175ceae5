/**
 * A type of HSM.
 *
 * @see https://docs.aws.amazon.com/cloudhsm/latest/userguide/cluster-hsm-types.html
 */
export class HsmType {
  /** LiquidSecurity 2: FIPS 140-3 level 3, FIPS and non-FIPS mode. */
  public static readonly HSM2M_MEDIUM = HsmType.of('hsm2m.medium');

  /**
   * LiquidSecurity: FIPS 140-2 level 3, in FIPS mode only. Its certificate is historical and its support has ended: for clusters that exist,
   * refused for new ones.
   */
  public static readonly HSM1_MEDIUM = new HsmType('hsm1.medium', false, false);

  /**
   * A type that this version does not know yet.
   *
   * @param name as the CloudHSM API spells it, for instance `hsm2m.medium`
   */
  public static of(name: string): HsmType {
    return new HsmType(name, true, true);
  }

  private constructor(
    /** The name as the API spells it. */
    public readonly name: string,
    /** Whether clusters of this type can be in non-FIPS mode. */
    public readonly supportsNonFips: boolean,
    /** Whether CloudHSM makes new clusters of this type. */
    public readonly isAvailableForNewClusters: boolean,
  ) {}

  /** The name as the API spells it. */
  public toString(): string {
    return this.name;
  }
}
