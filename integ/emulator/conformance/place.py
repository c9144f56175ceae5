class Place:
    """A VPC: private subnets where a cluster may be, and a public one for a machine."""

    def __init__(self, world, region: str | None = None) -> None:
        self.region = region or world.regions[0]
        ec2 = world.client('ec2', self.region)
        self.vpc = ec2.create_vpc(CidrBlock='10.77.0.0/16')['Vpc']['VpcId']
        for name in ('EnableDnsSupport', 'EnableDnsHostnames'):
            ec2.modify_vpc_attribute(VpcId=self.vpc, **{name: {'Value': True}})
        service = f'com.amazonaws.{self.region}.cloudhsmv2'
        self.zones = sorted(ec2.describe_vpc_endpoint_services(ServiceNames=[service])['ServiceDetails'][0]['AvailabilityZones'])[:2]
        every = sorted(zone['ZoneName'] for zone in ec2.describe_availability_zones()['AvailabilityZones'])
        """A zone in which no HSM can be made, where there is one."""
        without = [zone for zone in every if zone not in ec2.describe_vpc_endpoint_services(ServiceNames=[service])['ServiceDetails'][0]['AvailabilityZones']]
        self.zone_without = without[0] if without else None
        self.subnets = [self._subnet(ec2, number, zone) for number, zone in enumerate(self.zones)]
        self.second_in_zone = self._subnet(ec2, 8, self.zones[0])
        self.without = self._subnet(ec2, 9, self.zone_without) if self.zone_without else None
        gateway = ec2.create_internet_gateway()['InternetGateway']['InternetGatewayId']
        ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=self.vpc)
        self.public = self._subnet(ec2, 7, self.zones[0])
        table = ec2.create_route_table(VpcId=self.vpc)['RouteTable']['RouteTableId']
        ec2.create_route(RouteTableId=table, DestinationCidrBlock='0.0.0.0/0', GatewayId=gateway)
        ec2.associate_route_table(RouteTableId=table, SubnetId=self.public)

    def _subnet(self, ec2, number: int, zone: str) -> str:
        return ec2.create_subnet(VpcId=self.vpc, CidrBlock=f'10.77.{number}.0/24', AvailabilityZone=zone)['Subnet']['SubnetId']
