import json

IMAGE = '/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64'
PACKAGE = 'https://s3.amazonaws.com/cloudhsmv2-software/CloudHsmClient/Amzn2023/cloudhsm-cli-latest.amzn2023.x86_64.rpm'
TRUST = {'Version': '2012-10-17', 'Statement': [{'Effect': 'Allow', 'Principal': {'Service': 'ec2.amazonaws.com'}, 'Action': 'sts:AssumeRole'}]}
MANAGED = ['arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore']
OWN = {'Version': '2012-10-17', 'Statement': [{'Effect': 'Allow', 'Action': 'cloudhsm:DescribeClusters', 'Resource': '*'}]}


class Machine:
    """An instance in the cluster's network with the client tools, driven by Systems Manager."""

    def __init__(self, world, place) -> None:
        self._world, self._place = world, place
        self._ec2, self._ssm = world.client('ec2', place.region), world.client('ssm', place.region)
        self._instance = None
        self._clusters: set = set()

    def command_line(self, cluster: dict, anchor: str, argv: list, login: str | None = None, role: str = 'admin') -> dict:
        """What `cloudhsm-cli` says, as the JSON it prints."""
        who = f"export CLOUDHSM_ROLE={role} CLOUDHSM_PIN='{login}'\n" if login else ''
        self._join(cluster, anchor)
        configure = f'/opt/cloudhsm/bin/configure-cli --cluster-id {cluster["ClusterId"]} --region {self._place.region} --disable-key-availability-check'
        words = ' '.join(f"'{word}'" for word in argv)
        return json.loads(self.run(f'{configure} >/dev/null\n{who}/opt/cloudhsm/bin/cloudhsm-cli {words} || true'))

    def run(self, script: str) -> str:
        """The output of a script; a script that fails is the test's failure."""
        sent = self._ssm.send_command(InstanceIds=[self._id()], DocumentName='AWS-RunShellScript', Parameters={'commands': script.split('\n')})
        asked = {'CommandId': sent['Command']['CommandId'], 'InstanceId': self._id()}

        def over():
            found = self._ssm.get_command_invocation(**asked)
            return found if found['Status'] not in ('Pending', 'InProgress', 'Delayed') else None
        self._world.until_accepted(lambda: self._ssm.get_command_invocation(**asked), ('InvocationDoesNotExist',))
        ended = self._world.until(over, 60, 2)
        assert ended['Status'] == 'Success', (ended['Status'], ended['StandardOutputContent'], ended['StandardErrorContent'])
        return ended['StandardOutputContent']

    def _id(self) -> str:
        if self._instance is None:
            self._instance = self._start()
            self._world.until(self._online, 30, 5)
            self.run(f'cd /tmp\ncurl --fail --silent --output cli.rpm {PACKAGE}\ndnf install -y ./cli.rpm >/dev/null')
        return self._instance

    def _start(self) -> str:
        iam, name = self._world.client('iam'), 'conformance-machine'
        iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(TRUST))
        for arn in MANAGED:
            iam.attach_role_policy(RoleName=name, PolicyArn=arn)
        iam.put_role_policy(RoleName=name, PolicyName='describe', PolicyDocument=json.dumps(OWN))
        iam.create_instance_profile(InstanceProfileName=name)
        iam.add_role_to_instance_profile(InstanceProfileName=name, RoleName=name)
        image = self._ssm.get_parameter(Name=IMAGE)['Parameter']['Value']
        network = {'DeviceIndex': 0, 'SubnetId': self._place.public, 'AssociatePublicIpAddress': True}
        started = self._world.until_accepted(lambda: self._ec2.run_instances(
            ImageId=image, InstanceType='t3.micro', MinCount=1, MaxCount=1, IamInstanceProfile={'Name': name}, NetworkInterfaces=[network],
        ), ('InvalidParameterValue',))
        return started['Instances'][0]['InstanceId']

    def _online(self) -> bool:
        filters = [{'Key': 'InstanceIds', 'Values': [self._instance]}]
        return any(entry['PingStatus'] == 'Online' for entry in self._ssm.describe_instance_information(Filters=filters)['InstanceInformationList'])

    def _join(self, cluster: dict, anchor: str) -> None:
        """The machine joins the cluster's own security group and gets its trust anchor."""
        if cluster['SecurityGroup'] in self._clusters:
            return
        found = self._ec2.describe_instances(InstanceIds=[self._id()])['Reservations'][0]['Instances'][0]
        groups = {group['GroupId'] for group in found['SecurityGroups']} | {cluster['SecurityGroup']}
        self._ec2.modify_instance_attribute(InstanceId=self._instance, Groups=sorted(groups))
        self.run(f"cat >/opt/cloudhsm/etc/customerCA.crt <<'END'\n{anchor.strip()}\nEND")
        self._clusters.add(cluster['SecurityGroup'])
